import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import type { Sql } from '../../../src/http/paging/paging.ts'
import { classify } from '../categories/classify.ts'
import { hebrewNames, latinNames } from '../text/latin-names.ts'
import { hebrewSpellings } from '../text/transliteration.ts'
import { singularsOf } from '../text/word-forms.ts'
import { nearest, soundsOf } from './similar.ts'
import { lexeme, readTyped, type Term, tsquery } from './typed.ts'
import { MIN_WORD_LENGTH } from './vocabulary.ts'

/** How a search text is matched: texts of tsqueries, and the categories of its words. */
type Plan = {
  /** Matches every product in the result. */
  all: string
  begins: string
  same: string
  /**
   * Whole words only: in any name, in the displayed name, and in the words that name the product.
   */
  named: string
  shown: string
  isIt: string
  /** `category/subcategory`. */
  kinds: string[]
}

/** With fewer matches than this, misspelt words are corrected too. */
const MIN_MATCHES = 3
const PRODUCE = 'Fruit and Vegetables'
const MAX_SIMILAR = 24

/**
 * SQL for the products `p` that match a search text, and for their relevance (0 is best); null if
 * the text has nothing to search for. Relevance orders, first, by whole words before prefixes
 * before corrected words. Then come products in the category of the search words before others.
 *
 * Within these, words that name the product rank before words next to them, and words in the
 * displayed name before those in other names and in the manufacturer.
 */
export async function searchProducts(
  context: ReadContext,
  typed: string,
): Promise<{ found: Sql; relevance: Sql } | null> {
  const { db } = context
  const plan = await context.cached(`search ${typed}`, () => planSearch(context, readTyped(typed)))
  if (plan === null) return null
  const has = (query: string) => db`p.search @@ ${query}::tsquery`
  const { all, begins, same, named, shown, isIt, kinds } = plan
  // steps with the same value for every product are skipped, because a single letter matches
  // thousands
  const steps = [
    all !== same && db`case when ${has(same)} then 0 when ${has(begins)} then 12 else 24 end`,
    kinds.length > 0 &&
      db`case when p.category || '/' || p.subcategory = any(${kinds}::text[]) then 0 else 6 end`,
    isIt !== same && db`case when ${has(isIt)} then 0 else 3 end`,
    shown !== same && db`case when ${has(shown)} then 0 when ${has(named)} then 1 else 2 end`,
  ]
  return {
    found: has(all),
    relevance: steps.reduce<Sql>(
      (sum, step) => (step === false ? sum : db`${sum} + ${step}`),
      db`0::integer`,
    ),
  }
}

async function planSearch(context: ReadContext, terms: Term[]): Promise<Plan | null> {
  if (terms.length === 0) return null
  const same = tsquery(terms, (term) => piecesOf(term))
  const begins = tsquery(terms, (term) => beginningsOf(term))
  const words = terms.filter(({ isWord }) => isWord)
  const corrected = await correct(context, words, begins)
  const similarOf = (term: Term, weights = '') =>
    (corrected?.get(term) ?? []).map((word) => lexeme(word, weights))
  return {
    all: tsquery(terms, (term) => [...beginningsOf(term), ...similarOf(term)]),
    begins,
    same,
    named: tsquery(terms, (term) => piecesOf(term, 'ABC')),
    shown: tsquery(terms, (term) => piecesOf(term, 'AB')),
    isIt:
      words.flatMap((term) => beginningsOf(term, 'A').concat(similarOf(term, 'A'))).join(' | ') ||
      same,
    kinds: kindsOf(namesInOrder(terms).map((term) => corrected?.get(term)?.[0] ?? term.name)),
  }
}

/**
 * The exact matches of a term. Sizes and initials have no weight and match anywhere; words match
 * with the given weights.
 */
function piecesOf({ same }: Term, weights = ''): string[] {
  return same.map((one) => lexeme(one, /^[=^]/.test(one) ? '' : weights))
}

function beginningsOf(term: Term, weights = ''): string[] {
  return [
    ...piecesOf(term, weights),
    ...term.beginnings.map((beginning) => lexeme(beginning, `*${weights}`)),
  ]
}

/**
 * Finds corrections for misspelt words if there are too few matches: for the unknown words, or for
 * all words if all are known. Null if there are enough matches, or no similar words.
 */
async function correct(
  { db }: ReadContext,
  words: readonly Term[],
  query: string,
): Promise<Map<Term, string[]> | null> {
  const longer = words.filter(({ typed }) => typed.length >= MIN_WORD_LENGTH)
  if (longer.length === 0) return null
  // counted without a limit: with one, the planner would read the whole table instead of the index
  const [found] = await db<
    { count: string }[]
  >`select count(*) from catalog.products p where p.search @@ ${query}::tsquery`
  if (Number(found?.count) >= MIN_MATCHES) return null
  const terms = longer.map(({ typed }) => {
    return { typed, sounds: soundsOf(typed), spellings: hebrewSpellings(typed) }
  })
  const rows = await db<
    { typed: string; known: boolean; similar: string[]; transliterated: string[] }[]
  >`
    select typed, exists (select from catalog.search_words w where w.word like typed || '%') as known,
      array(select w.word from catalog.search_words w where w.sounds % t.sounds
        order by similarity(w.sounds, t.sounds) desc, w.word limit ${MAX_SIMILAR}) as similar,
      array(select w.word from catalog.search_words w where w.word ~ t.spellings
        order by length(w.word), w.word limit ${MAX_SIMILAR}) as transliterated
    from jsonb_to_recordset(${db.json(terms)}) as t (typed text, sounds text, spellings text)`
  const unknown = rows.filter(({ known, transliterated }) => !known || transliterated.length > 0)
  const corrected = new Map<Term, string[]>()
  for (const { typed, similar, transliterated } of unknown.length > 0 ? unknown : rows) {
    const term = longer.find((one) => one.typed === typed)
    const near =
      transliterated.length > 0
        ? transliterated
        : [...nearest(typed, similar), ...nearest(typed, latinNames()).flatMap(hebrewNames)]
    if (term !== undefined && near.length > 0) corrected.set(term, near)
  }
  return corrected.size === 0 ? null : corrected
}

/** In Hebrew the noun comes first, in English last: `olive oil` is `שמן זית`. */
function namesInOrder(terms: readonly Term[]): readonly Term[] {
  return terms.every(({ typed }) => /^[a-z]/.test(typed)) ? terms.toReversed() : terms
}

/**
 * The categories of the search words alone, in a package or by weight. If the singular of a plural
 * is fresh produce, the plural is too: chains write `מלפפון` on the vegetable and `מלפפונים` on
 * jars.
 */
function kindsOf(words: readonly string[]): string[] {
  const [only = ''] = words
  for (const singular of words.length === 1 ? singularsOf(only) : []) {
    const kinds = kindsOfName(singular)
    if (kinds.some((kind) => kind.startsWith(`${PRODUCE}/`))) return kinds
  }
  return kindsOfName(words.join(' '))
}

function kindsOfName(name: string): string[] {
  const described = { name, names: [name], unitOfMeasure: null }
  const kinds = [false, true].flatMap((isWeighted) => {
    const { category, subcategory } = classify({ ...described, isWeighted })
    return subcategory === null ? [] : `${category}/${subcategory}`
  })
  return [...new Set(kinds)]
}
