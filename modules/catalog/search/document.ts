import { isPack, isWord } from '../categories/classify.ts'
import type { Rule } from '../categories/rules.ts'
import { sizesIn, sizeWord } from './sizes.ts'
import { searchTokens, searchWords } from './words.ts'

export type Searched = {
  name: string | null
  names: readonly string[]
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
export function searchDocument(product: Searched, rule: Rule | null): { words: string[]; text: string } {
  const { name, names, manufacturer } = product
  const weights = new Map<string, string>()
  const weigh = (text: string, weight: string) => {
    for (const word of searchTokens(text)) if (!weights.has(word)) weights.set(word, weight)
  }
  weigh(name ?? '', 'B')
  weigh(names.join(' '), 'C')
  for (const { whole, short } of SHORT) {
    if (whole.every((word) => weights.has(word))) weigh(short, 'C')
    if (weights.has(short)) weigh(whole.join(' '), 'C')
  }
  weigh(manufacturer ?? '', 'D')
  for (const word of weights.keys()) if (rule?.phrase.some((one) => isWord(one, word))) weights.set(word, 'A')
  const words = [...weights.keys()]
  const text = [...weights].map(([word, weight]) => `'${word}':1${weight}`)
  return { words, text: [...text, ...signsOf(product)].join(' ') }
}

function signsOf({ name, names, unitOfMeasure, unitQuantity }: Searched): Set<string> {
  const signs = new Set<string>()
  const words = searchWords(name ?? '')
  const [initial = ''] = words.find((word) => !isPack(word)) ?? words[0] ?? ''
  if (/\p{L}/u.test(initial)) signs.add(`'^${initial}'`)
  const size = unitOfMeasure === null || unitQuantity === null ? null : sizeWord(unitOfMeasure, unitQuantity)
  if (size !== null) signs.add(`'${size}'`)
  for (const one of names) for (const said of sizesIn(searchWords(one))) signs.add(`'${said}'`)
  return signs
}
