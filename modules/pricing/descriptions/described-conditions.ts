/** Conditions that a promotion's description states, each with the words that state it. */
export type DescribedConditions = {
  /**
   * `מוגבל ל3`, `עד 4 יח`, `מו2`: a limit in units or grams, or the number of times the promotion
   * may be used.
   */
  limit: (Words & { most: number; times: boolean }) | null
  /**
   * `מעל 75`, `-מות-299`: a basket minimum. Where the text is cut off, `agorot` is null or has only
   * the first digits.
   */
  minBasket: (Words & { agorot: number | null; cut: boolean }) | null
  /** `קנה 3 … קבל`: something else must be bought first; `units` is null if no number is given. */
  buy: (Words & { units: number | null; gets: boolean }) | null
  coupon: Words | null
  club: Words | null
  /** `מוגבל אמצעי תשלום`: only for some means of payment. */
  payment: Words | null
}

type Words = { words: string }

/** Text after a number that marks it as a size, a percentage, a date or a number of instalments. */
const NO_LIMIT = String.raw`(?!\d|[./]\d|\.|\s*-?\s*(?:%|ב\s*-?\s*\d|גר|מ["״'׳]{0,2}ל|ס["״'׳]{0,2}\s?מ|ליטר|שנ|חוד|תשל|דק|שע))`
const LIMIT = new RegExp(
  String.raw`(?:מוגבל(?:\s*מוגבל)?\s*ל?|מוג'?|(?<![א-ת])מו|(?<=מעל\s*\d+\s+)מ|(?<![א-ת])עד)\s*-?\s*(\d{1,2})${NO_LIMIT}(?:\s*(?:יח|ק)[א-ת"״'׳]*)?\s*(מימוש)?`,
)
const MINIMUM_ABOVE =
  /(?<![א-ת])(?:לקונה\s*|בקנ[א-ת]+\s*)?מעל\s*-?\s*(\d*)(?!\.\d|\d|\s*(?:ק["״'׳]|ליטר|גרם|%))|מעל\s*-?\s*(\d+)/
const TOTAL = /(?<![א-ת])מות\s*-?\s*(\d+)/
const MINIMUM_OR_MORE = /(\d+)\s*ש["״'׳]{0,2}ח\s*ומעלה/
const BUY_AND_GET =
  /(?<![א-ת])(?:קנה|קני|רכוש)\s*-?\s*(?:(\d{1,2})(?![\d.])\s*(?:יח|מוצר|פריט|[א-ת]))?.*?(?<![א-ת])(?:קבלי?|הוסיף|הוסף)(?![א-ת])/
const BUY = /(?<![א-ת])בקני[יה]*ת\s*-?\s*(\d{1,2})\s*(?:יח|מוצר|פריט)/
const COUPON = /קופון|(?<![א-ת])קופ\.\s?ח/
const CLUB = /(?<![א-ת])(?:ל|ב)?מועדון/
const PAYMENT = /מוגבל\s+(?:ל)?אמצעי תשלום|משלמים כ\.?\s?אשראי|(?<![א-ת])כ\.אשראי|%\s*-?\s*אשראי/
/** Reads the conditions of a description; `remark` is the remark in the same file. */
export function describedConditions(
  description: string,
  remark: string | null = null,
): DescribedConditions {
  const limit = LIMIT.exec(description)
  const coupon = COUPON.exec(description)
  const club = CLUB.exec(description)
  const payment = PAYMENT.exec(description) ?? (remark === null ? null : PAYMENT.exec(remark))
  return {
    limit: limit && {
      words: wordsOf(limit),
      most: Number(limit[1]) * 1000,
      times: limit[2] !== undefined,
    },
    minBasket: readMinimum(description),
    buy: readBuy(description),
    coupon: coupon && { words: wordsOf(coupon) },
    club: club && { words: wordsOf(club) },
    payment: payment && { words: wordsOf(payment) },
  }
}

function readMinimum(description: string): DescribedConditions['minBasket'] {
  const match =
    MINIMUM_ABOVE.exec(description) ?? TOTAL.exec(description) ?? MINIMUM_OR_MORE.exec(description)
  if (match === null) return null
  const digits = match[1] || match[2] || ''
  const cut = match.index + match[0].length === description.length
  if (digits === '' && !cut) return null
  return { words: wordsOf(match), agorot: digits === '' ? null : Number(digits) * 100, cut }
}

function readBuy(description: string): DescribedConditions['buy'] {
  const get = BUY_AND_GET.exec(description)
  const match = get ?? BUY.exec(description)
  if (match === null) return null
  const units = match[1] === undefined ? null : Number(match[1]) * 1000
  return { words: wordsOf(match), units, gets: get !== null }
}

function wordsOf(match: RegExpExecArray): string {
  return match[0].trim()
}
