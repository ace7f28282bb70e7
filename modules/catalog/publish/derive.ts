import { createHash } from 'node:crypto'
import { categoryOf, type Described, decidingRule, namesOf } from '../categories/classify.ts'
import { rules } from '../categories/rules.ts'
import { type Searched, searchDocument } from '../search/document.ts'
import { readWords } from '../text/words.ts'

type Description = Described & Searched

/**
 * Increase this when the code derives different values. Changed tables of category rules change
 * `RULES` automatically.
 */
const EDITION = 5
export const RULES = `${EDITION}-${createHash('sha256').update(JSON.stringify(rules)).digest('hex').slice(0, 16)}`

/**
 * Adds a product's category and its search document (the text of a tsvector). Adds its words to
 * `vocabulary`.
 */
export function derive<T extends Description>(product: T, vocabulary: Set<string>) {
  const names = namesOf(product).map(readWords)
  const rule = decidingRule(
    names.map(({ words }) => words),
    product,
  )
  const { words, text } = searchDocument(product, { names, rule })
  for (const word of words) vocabulary.add(word)
  return { ...product, ...categoryOf(rule), search: text }
}
