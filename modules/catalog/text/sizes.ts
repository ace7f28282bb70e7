import { measure, type Unit } from './unit.ts'

/** The unit words that may follow the number of a size. */
const UNITS = new Map<string, Unit>(
  (
    [
      ['liter', 'ל ליטר ליטרים לטר l lt liter litre'],
      ['milliliter', 'מל מיליליטר מיליליטרים ml'],
      ['kilogram', 'קג קילו קילוגרם kg'],
      ['gram', 'ג גר גרם גרמים g gr gram'],
      ['unit', 'יח יחי יחידה יחידות'],
    ] as const
  ).flatMap(([unit, words]) => words.split(' ').map((word): [string, Unit] => [word, unit])),
)

const LETTERS: Record<string, string> = { volume: 'v', mass: 'm', count: 'u' }

/** A size as a searchable word, the same for all spellings: `=v1500` is 1.5 liters and 1500 ml. */
export function sizeWord(unit: string, quantity: string): string | null {
  const { kind, amount } = measure(unit as Unit, quantity)
  const letter = LETTERS[kind]
  return letter === undefined ? null : `=${letter}${amount}`
}

/** The size of a number and the unit word after it; null if there is none. */
export function sizeAt(words: readonly string[], at: number): string | null {
  const unit = UNITS.get(words[at + 1] ?? '')
  if (unit === undefined) return null
  const number = words[at] ?? ''
  return /^\d+(\.\d+)?$/.test(number) ? sizeWord(unit, number) : null
}

/** All sizes in a list of words. */
export function sizesIn(words: readonly string[]): string[] {
  return words.flatMap((_, at) => sizeAt(words, at) ?? [])
}

/**
 * The possible sizes of a number without a unit: liters, kilograms or units below 100; otherwise
 * milliliters, grams or units.
 */
export function sizesOf(number: string): string[] {
  const units: Unit[] =
    Number(number) < 100 ? ['liter', 'kilogram', 'unit'] : ['milliliter', 'gram', 'unit']
  return units.flatMap((unit) => sizeWord(unit, number) ?? [])
}
