/** The units of a product's quantity. */
export type Unit = 'gram' | 'kilogram' | 'milliliter' | 'liter' | 'meter' | 'unit'

/**
 * The unit words of the chains: beginnings of Hebrew words and abbreviations, without quotes and
 * dots.
 */
const WORDS: readonly [RegExp, Unit][] = [
  [/^(ק ?ג|קילו|קילוגרמ?ים|kg|kilo)/, 'kilogram'],
  [/^(גר|ג$|gr|g$|gram)/, 'gram'],
  [/^(מ ?ל|מיליל|ml|milli)/, 'milliliter'],
  [/^(ליט|לטר|ל$|lit|l$)/, 'liter'],
  [/^(מטר|מ$|meter|m$)/, 'meter'],
  [/^(יח|יחיד|מארז|חביל|זוג|unit|pcs)/, 'unit'],
]

/**
 * Reads a unit of measure as the chains write it (`גרם`, `מ"ל`, `ק"ג`, `100 גרם`, `יח'`, `ליטרים`,
 * …). A number before the word is ignored. Returns null for words that are not units (`לא ידוע`,
 * `00000`).
 */
export function readUnit(text: string | null): Unit | null {
  if (text === null) return null
  const word = text
    .toLowerCase()
    .replace(/["'`׳״.]/g, '')
    .replace(/^[\d\s,]+/, '')
    .trim()
  if (word === '') return null
  for (const [pattern, unit] of WORDS) if (pattern.test(word)) return unit
  return null
}

/**
 * Reads an amount as a plain decimal with at most four places (`700.00` is `700`). Returns null for
 * anything but a positive number, and for amounts too large for one package (over 1,000,000).
 */
export function readQuantity(text: string | null): string | null {
  if (text === null || !/^\d{1,7}(\.\d+)?$/.test(text.trim())) return null
  const amount = Math.round(Number(text) * 10_000) / 10_000
  return amount > 0 && amount <= 1_000_000 ? String(amount) : null
}

/** What a unit measures, and its size in the smallest unit of that kind. */
const MEASURES: Record<Unit, { kind: string; size: number }> = {
  gram: { kind: 'mass', size: 1 },
  kilogram: { kind: 'mass', size: 1000 },
  milliliter: { kind: 'volume', size: 1 },
  liter: { kind: 'volume', size: 1000 },
  meter: { kind: 'length', size: 1 },
  unit: { kind: 'count', size: 1 },
}

/**
 * Converts an amount to the smallest unit of its kind: 1.5 liter and 1500 milliliter are both a
 * `volume` of 1500.
 */
export function measure(unit: Unit, quantity: string): { kind: string; amount: number } {
  const { kind, size } = MEASURES[unit]
  return { kind, amount: Math.round(Number(quantity) * size * 10_000) / 10_000 }
}

/**
 * Corrects a unit that contradicts the basis of the unit price in the same row. Some chains give
 * drinks in `קילוגרמים` or `מטרים` with the basis `ליטר` or `100 מ"ל`. If the basis is a volume, it
 * is right (measured on 14,283 such rows of two chains, all of them drinks and other liquids).
 */
export function settleUnit(unit: Unit | null, basis: Unit | null): Unit | null {
  if (unit === null || (basis !== 'milliliter' && basis !== 'liter')) return unit
  if (unit === 'gram') return 'milliliter'
  if (unit === 'kilogram') return 'liter'
  return unit === 'meter' ? basis : unit
}
