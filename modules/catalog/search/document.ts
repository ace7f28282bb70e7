import { isPack, isWord } from '../categories/classify.ts'
import type { Rule } from '../categories/rules.ts'
import { sizesIn, sizeWord } from '../text/sizes.ts'
import { type readWords, searchTokens } from '../text/words.ts'

/** A name as `readWords` reads it. */
type ReadName = ReturnType<typeof readWords>

export type Searched = {
  name: string | null
  manufacturer: string | null
  unitOfMeasure: string | null
  unitQuantity: string | null
}

/** What chains write short or whole, and people type either way. */
const SHORT = [
  { short: 'תפוא', whole: ['תפוחי', 'אדמה'] },
  { short: 'תפוא', whole: ['תפוח', 'אדמה'] },
]

/**
 * What a product is found by, as the text of a tsvector: the words that tell what it is (weight A: those of the rule that
 * classified it), of the name that is shown (B), of its other names (C), of its manufacturer (D); and without a weight the
 * sizes that it is told in (`=v1000`) and the letter that its name begins with (`^ח`), how it is packed aside.
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
  for (const { whole, short } of SHORT) {
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
  for (const { words } of names) for (const said of sizesIn(words)) signs.add(said)
  return [...signs].map((sign) => `'${sign}'`).join(' ')
}
