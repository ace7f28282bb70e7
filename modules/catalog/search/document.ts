import { isPack, isWord } from '../categories/classify.ts'
import type { Rule } from '../categories/rules.ts'
import { sizesIn, sizeWord } from '../text/sizes.ts'
import { type readWords, searchTokens } from '../text/words.ts'

/** The result of `readWords` for a name. */
type ReadName = ReturnType<typeof readWords>

export type Searched = {
  name: string | null
  manufacturer: string | null
  unitOfMeasure: string | null
  unitQuantity: string | null
}

/** Words that chains write in a short or a full form. A search for either form finds both. */
const ABBREVIATIONS = [
  { short: 'תפוא', whole: ['תפוחי', 'אדמה'] },
  { short: 'תפוא', whole: ['תפוח', 'אדמה'] },
]

/**
 * Builds a product's search document, as the text of a tsvector. Words have a weight: A for the
 * words of the rule that classified the product, B for the displayed name, C for its other names, D
 * for its manufacturer.
 *
 * Without a weight, it has the sizes (`=v1000`) and the initial of its name (`^ח`), after any words
 * for the package.
 */
export function searchDocument(
  product: Searched,
  { names, rule }: { names: readonly ReadName[]; rule: Rule | null },
): { words: Iterable<string>; text: string } {
  const weights = new Map<string, string>()
  const weigh = (words: Iterable<string>, weight: string) => {
    for (const word of words) if (!weights.has(word)) weights.set(word, weight)
  }
  for (const [i, { words, others }] of names.entries()) {
    const weight = i === 0 && product.name !== null ? 'B' : 'C'
    weigh(words, weight)
    weigh(others, weight)
  }
  for (const { whole, short } of ABBREVIATIONS) {
    if (whole.every((word) => weights.has(word))) weigh([short], 'C')
    if (weights.has(short)) weigh(whole, 'C')
  }
  weigh(searchTokens(product.manufacturer ?? ''), 'D')
  for (const one of rule?.phrase ?? []) {
    for (const word of weights.keys()) if (isWord(one, word)) weights.set(word, 'A')
  }
  let text = signsOf(product, names)
  for (const [word, weight] of weights) text += ` '${word}':1${weight}`
  return { words: weights.keys(), text }
}

function signsOf({ unitOfMeasure, unitQuantity }: Searched, names: readonly ReadName[]): string {
  const signs = new Set<string>()
  const shown = names[0]?.words ?? []
  const [initial = ''] = shown.find((word) => !isPack(word)) ?? shown[0] ?? ''
  if (/\p{L}/u.test(initial)) signs.add(`^${initial}`)
  const size =
    unitOfMeasure === null || unitQuantity === null ? null : sizeWord(unitOfMeasure, unitQuantity)
  if (size !== null) signs.add(size)
  for (const { words } of names) for (const stated of sizesIn(words)) signs.add(stated)
  return [...signs].map((sign) => `'${sign}'`).join(' ')
}
