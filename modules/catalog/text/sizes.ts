import { measure, type Unit } from './unit.ts'

/** How a size's unit is written after its number. */
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

/** A size as a word that one can search for, the same however it is written: `=v1500` is 1.5 liters and 1500 ml. */
export function sizeWord(unit: string, quantity: string): string | null {
  const { kind, amount } = measure(unit as Unit, quantity)
  const letter = LETTERS[kind]
  return letter === undefined ? null : `=${letter}${amount}`
}

/** The size that a number and the word after it make, if they do. */
export function sizeAt(words: readonly string[], at: number): string | null {
  const unit = UNITS.get(words[at + 1] ?? '')
  if (unit === undefined) return null
  const number = words[at] ?? ''
  return /^\d+(\.\d+)?$/.test(number) ? sizeWord(unit, number) : null
}

/** All the sizes that words tell. */
export function sizesIn(words: readonly string[]): string[] {
  return words.flatMap((_, at) => sizeAt(words, at) ?? [])
}

/** What a number without a unit may be the size of: `1.5` is 1.5 or 1500 of the small units, `500` only 500. */
export function sizesOf(number: string): string[] {
  const units: Unit[] =
    Number(number) < 100 ? ['liter', 'kilogram', 'unit'] : ['milliliter', 'gram', 'unit']
  return units.flatMap((unit) => sizeWord(unit, number) ?? [])
}
