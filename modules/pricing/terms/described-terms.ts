/**
 * What a promotion's description repeats of its terms, in the units of `PromotionTerms`. It is only ever held against what
 * the cells say.
 */
export type DescribedTerms = {
  /** Each reading of a price: `3 ב 10` is 3 for 10 shekels, `ב 10` of anything. */
  prices: DescribedPrice[]
  /** The whole numbers that stand in it: `ליפתנית 5 11.90`. */
  counts: number[]
  /** `20% הנחה`. */
  rate: number | null
  /** `1+1`, `השני ב50%`: of how many units one is cheaper, by how much. */
  nth: { units: number; rate: number } | null
  /** `12 ש"ח הנחה`. */
  amountOff: number | null
  /** `מתנה`, `חינם`. */
  free: boolean
  /** `מוגבל ל3`, `עד 4 יח`, `מו2`: units or kilograms, or times that the promotion may be had. */
  limit: { most: number; times: boolean } | null
  /** `מעל 75`; of a text that is cut off behind it only the first digits may be left. */
  minBasket: { agorot: number; cut: boolean } | null
  coupon: boolean
  club: boolean
}

/** A price of a quantity (null: which is not told). */
export type DescribedPrice = { quantity: number | null; agorot: number }

const AMOUNT = String.raw`(\d+(?:\.\d+)?)`
const UNITS = String.raw`יח(?:'|׳|ידות)?|ק["״'׳]{0,2}\s?ג|ק(?![א-ת])|גרם|גר'?(?![א-ת])`
const SHEKELS = `(?:ש["״'׳]{0,2}ח|₪)`
/** What follows a number that is a size or a share, not a price. */
const NO_PRICE = String.raw`(?![\d.]|\s*-?\s*(?:%|ליט|ל(?![א-ת])|מ["״'׳]{0,2}ל(?![א-ת])|מטר|אינץ|גרם|גר?['׳]?(?![א-ת\x60])|ק["״'׳]{0,2}\s?ג|יח(?!י)|ס["״'׳]{0,2}\s?מ|\+))`

const BUNDLE = new RegExp(
  String.raw`(?<![\d.])${AMOUNT}\s*-?\s*(${UNITS})?\s*-?\s*ב\s*[-.]?\s*${AMOUNT}${NO_PRICE}(\s*${SHEKELS})?`,
  'g',
)
const PLAIN = new RegExp(
  String.raw`(?<![א-ת\d.])ב\s*[-.]?\s*${AMOUNT}${NO_PRICE}(\s*${SHEKELS})?`,
  'g',
)
const BARE = new RegExp(String.raw`(?<![\d.])(\d+\.(?:9\d?|\d0))${NO_PRICE}`, 'g')
const COUNT = /(?<![\d.])\d{1,2}(?![\d.])/g
const PERCENT =
  /(\d+(?:\.\d+)?)\s*%\s*-?\s*(?:ב?הנחה|אשראי|מועדון)|הנחה\s*(?:של\s*)?(\d+(?:\.\d+)?)\s*%|(?<![א-ת\d])ב\s*-?\s*(\d+)\s*(?:%|הנחה\s*%)/
const SECOND = /שני\s*ב\s*-?\s*(?:(\d+)\s*%|חצי)/
const PLUS = /(?<![\d.])(\d)\s*\+\s*(\d)(?![\d.])/
const AMOUNT_OFF = new RegExp(
  String.raw`${AMOUNT}\s*${SHEKELS}\s*הנחה|הנחה\s*(?:של\s*)?${AMOUNT}\s*${SHEKELS}`,
)
const FREE = /מתנ|חינם|פיצוי/
const LIMIT =
  /(?:מוגבל(?:\s*מוגבל)?\s*ל?|מוג'?|(?<![א-ת])מו|(?<![א-ת])עד)\s*-?\s*(\d{1,2})(?!\d|\.|\s*-?\s*(?:%|ב|גר|מ["״'׳]{0,2}ל|ס["״'׳]{0,2}\s?מ|ליטר))(?:\s*(?:יח|ק)\S*)?\s*(מימוש)?/
const COUPON = /קופון/
const CLUB = /(?<![א-ת])מועדון/
const MIN_BASKET = /מעל\s*-?\s*(\d+)/
/** From so many on, a number before a price is grams: nobody sells 100 units at once. */
const LEAST_GRAMS = 50
/** What stands before the number of `40*60 ב 10`, `SPF50 ב 10`: it tells the goods' size, not how many. */
const PART_OF_SIZE = /[a-z*/+-]/i
/** `3 ב-1` is no price. */
const LEAST_PRICE = 200

/** Reads the terms that a description repeats. */
export function describedTerms(description: string): DescribedTerms {
  const percent = PERCENT.exec(description)
  const limit = LIMIT.exec(description)
  const min = MIN_BASKET.exec(description)
  const nth = readNth(description)
  const off = AMOUNT_OFF.exec(description)
  const rate = percent === null ? null : hundredths(percent[1] ?? percent[2] ?? percent[3])
  return {
    prices: readPrices(description),
    counts: (description.match(COUNT) ?? []).map(Number),
    rate: nth === null ? rate : null,
    nth,
    amountOff: off === null ? null : hundredths(off[1] ?? off[2]),
    free: FREE.test(description),
    limit: limit === null ? null : { most: Number(limit[1]) * 1000, times: limit[2] !== undefined },
    minBasket:
      min === null
        ? null
        : { agorot: hundredths(min[1]), cut: min.index + min[0].length === description.length },
    coupon: COUPON.test(description),
    club: CLUB.test(description),
  }
}

function readPrices(description: string): DescribedPrice[] {
  const prices: DescribedPrice[] = []
  for (const match of description.matchAll(BUNDLE)) {
    const [, count, unit, price, shekels] = match
    const agorot = hundredths(price)
    if (agorot < LEAST_PRICE && shekels === undefined) continue
    const number = Number(count)
    const grams = unit === undefined ? number >= LEAST_GRAMS : unit.startsWith('ג')
    prices.push({ quantity: Math.round(grams ? number : number * 1000), agorot })
    const isSize =
      unit !== undefined || grams || PART_OF_SIZE.test(description[match.index - 1] ?? '')
    if (isSize) prices.push({ quantity: null, agorot })
  }
  if (prices.length > 0) return prices
  const plain = [...description.matchAll(PLAIN)]
  const found = plain.length > 0 ? plain : [...description.matchAll(BARE)]
  return found.flatMap(([, price, shekels]) => {
    const agorot = hundredths(price)
    return agorot < LEAST_PRICE && shekels === undefined ? [] : [{ quantity: null, agorot }]
  })
}

/** Hebrew runs from right to left: `1+2` and `2+1` are the same. */
function readNth(description: string): DescribedTerms['nth'] {
  const second = SECOND.exec(description)
  if (second !== null)
    return { units: 2, rate: second[1] === undefined ? 5000 : hundredths(second[1]) }
  const plus = PLUS.exec(description)
  if (plus === null) return null
  const [a, b] = [Number(plus[1]), Number(plus[2])]
  return Math.min(a, b) === 1 ? { units: a + b, rate: 10_000 } : null
}

function hundredths(text: string | undefined): number {
  return Math.round(Number(text) * 100)
}
