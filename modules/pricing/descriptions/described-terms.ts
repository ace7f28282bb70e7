import { type DescribedConditions, describedConditions } from './described-conditions.ts'

/** What a promotion's description says about its terms, in the units of `PromotionTerms`. */
export type DescribedTerms = DescribedConditions & {
  /**
   * Each possible reading of a price: `3 ב 10` is 3 for 10 shekels, `ב 10` is a price of any
   * quantity.
   */
  prices: DescribedPrice[]
  /** The whole numbers in the text: `ליפתנית 5 11.90`. */
  counts: number[]
  /** `20% הנחה`. */
  rate: number | null
  /** `1+1`, `השני ב50%`: the size of the group in which one unit is cheaper, and the rate. */
  nth: { units: number; rate: number; words: string } | null
  /** `12 ש"ח הנחה`. */
  amountOff: number | null
  /** `מתנה`, `חינם`. */
  free: boolean
}

/**
 * A price of a quantity; the quantity is null where none is stated. `run` has the digits before the
 * price where the size of the goods and the quantity are written together: `מיקס 210*4 ב 20` is 2
 * for 20 of goods of 10*4.
 */
export type DescribedPrice = { quantity: number | null; agorot: number; run?: string }

const AMOUNT = String.raw`(\d+(?:\.\d+)?)`
const UNITS = String.raw`יח(?:'|׳|ידות)?|ק["״'׳]{0,2}\s?ג|ק(?![א-ת])|גרם|גר?'?(?![א-ת])`
const SHEKELS = `(?:ש["״'׳]{0,2}ח|₪)`
/** Text after a number that marks it as a size or a percentage, not a price. */
const NO_PRICE = String.raw`(?![\d.]|\s*-?\s*(?:%|ליט|ל(?![א-ת])|מ["״'׳]{0,2}ל(?![א-ת])|מטר|אינץ|גרם|גר?['׳]?(?![א-ת\x60])|ק["״'׳]{0,2}\s?ג|יח(?!י)|ס["״'׳]{0,2}\s?מ|\+))`

const BUNDLE = new RegExp(
  String.raw`(?<![\d.])${AMOUNT}\s*-?\s*(${UNITS})?\s*-?\s*ב\s*[-.]?\s*${AMOUNT}${NO_PRICE}(\s*${SHEKELS})?`,
  'g',
)
const PLAIN = new RegExp(
  String.raw`(?<![א-ת\d.])ב\s*[-.]?\s*${AMOUNT}${NO_PRICE}(\s*${SHEKELS})?`,
  'g',
)
const PRICE_ALONE = new RegExp(String.raw`(?<![\d.])(\d+\.(?:9\d?|\d0))${NO_PRICE}`, 'g')
const COUNT = /(?<![\d.])\d{1,2}(?![\d.])/g
const PERCENT =
  /(\d+(?:\.\d+)?)\s*%\s*-?\s*(?:ב?הנחה|אשראי|מועדון)|הנחה\s*(?:של\s*)?(\d+(?:\.\d+)?)\s*%|(?<![א-ת\d])ב\s*-?\s*(\d+)\s*(?:%|הנחה\s*%)/
const SECOND_UNIT = /שני\s*ב\s*-?\s*(?:(\d+)\s*%|חצי)/
const PLUS = /(?<![\d.])(\d)\s*\+\s*(\d)(?![\d.])/
const AMOUNT_OFF = new RegExp(
  String.raw`${AMOUNT}\s*${SHEKELS}\s*הנחה|הנחה\s*(?:של\s*)?${AMOUNT}\s*${SHEKELS}`,
)
const FREE = /מתנ|חינם|פיצוי/
/** The smallest number before a price that is read as grams: no offer is for 50 units. */
const MIN_GRAMS = 50
/** Text that marks a number before a price as a size, not a count: `40*60 ב 10`, `SPF50 ב 10`. */
const PART_OF_SIZE = /[a-z*/+-]/i
/** The lowest amount that is read as a price: `3 ב-1` is not one. */
const MIN_PRICE = 200

/** Reads the terms that a description repeats, or that only the description states. */
export function describedTerms(description: string, remark: string | null = null): DescribedTerms {
  const nth = readNth(description)
  const off = AMOUNT_OFF.exec(description)
  return {
    ...describedConditions(description, remark),
    prices: readPrices(description),
    counts: (description.match(COUNT) ?? []).map(Number),
    rate: nth === null ? readRate(description) : null,
    nth,
    amountOff: off === null ? null : hundredths(off[1] ?? off[2]),
    free: FREE.test(description),
  }
}

/** Ignores a rate over 100 percent, which is a typing error (`ב325% הנחה`). */
function readRate(description: string): number | null {
  const percent = PERCENT.exec(description)
  if (percent === null) return null
  const rate = hundredths(percent[1] ?? percent[2] ?? percent[3])
  return rate > 10_000 ? null : rate
}

function readPrices(description: string): DescribedPrice[] {
  const prices: DescribedPrice[] = []
  for (const match of description.matchAll(BUNDLE)) {
    const [, count, unit, price, shekels] = match
    const agorot = hundredths(price)
    if (agorot < MIN_PRICE && shekels === undefined) continue
    const number = Number(count)
    const grams = unit === undefined ? number >= MIN_GRAMS : unit.startsWith('ג')
    const run = runBefore(description, match.index) + count
    const quantity = Math.round(grams ? number : number * 1000)
    prices.push(run.length > 1 ? { quantity, agorot, run } : { quantity, agorot })
    const isSize =
      unit !== undefined ||
      grams ||
      !Number.isInteger(number) ||
      PART_OF_SIZE.test(description[match.index - 1] ?? '')
    if (isSize) prices.push({ quantity: null, agorot })
  }
  if (prices.length > 0) return prices
  const plain = [...description.matchAll(PLAIN)]
  const matches = plain.length > 0 ? plain : [...description.matchAll(PRICE_ALONE)]
  return matches.flatMap(([, price, shekels]) => {
    const agorot = hundredths(price)
    return agorot < MIN_PRICE && shekels === undefined ? [] : [{ quantity: null, agorot }]
  })
}

/** The digits and signs of a size directly before a position in the text. */
function runBefore(description: string, index: number): string {
  return /\d[\d*/.-]*$/.exec(description.slice(0, index))?.[0] ?? ''
}

/** Text direction varies in Hebrew: `1+2` and `2+1` mean the same. */
function readNth(description: string): DescribedTerms['nth'] {
  const second = SECOND_UNIT.exec(description)
  if (second !== null)
    return {
      units: 2,
      rate: second[1] === undefined ? 5000 : hundredths(second[1]),
      words: second[0].trim(),
    }
  const plus = PLUS.exec(description)
  if (plus === null) return null
  const [a, b] = [Number(plus[1]), Number(plus[2])]
  return Math.min(a, b) === 1 ? { units: a + b, rate: 10_000, words: plus[0] } : null
}

function hundredths(text: string | undefined): number {
  return Math.round(Number(text) * 100)
}
