import { joinPhrases, translate } from '../text/foreign-words.ts'
import { hebrewNames } from '../text/latin-names.ts'
import { sizeAt, sizesOf } from '../text/sizes.ts'
import { wordForms } from '../text/word-forms.ts'
import { searchWords } from '../text/words.ts'

/** A term of a search text, a word or a size: its exact matches and its prefixes. */
export type Term = {
  typed: string
  isWord: boolean
  /** The word in Hebrew, for the classifier. */
  name: string
  /** Words of a document that match the term exactly. */
  same: string[]
  /** Prefixes of words that match the term. */
  beginnings: string[]
}

/** The maximum number of words, which limits the cost of a query. */
const MAX_WORDS = 24

/**
 * Splits a search text into terms. A word also matches its other forms, and as a prefix. A single
 * letter matches the initial of a name, and nothing else if it is the whole text. A number matches
 * itself or a size, and is never a prefix.
 */
export function readTyped(text: string): Term[] {
  const words = joinPhrases(searchWords(text)).slice(0, MAX_WORDS)
  const [only = ''] = words
  if (words.length === 1 && /^\p{L}$/u.test(only)) return [sign(`^${only}`)]
  const terms = new Map<string, Term>()
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    const size = sizeAt(words, i)
    if (size !== null) i++
    terms.set(size ?? word, size === null ? termOf(word) : sign(size))
  }
  return [...terms.values()]
}

function sign(typed: string, others: readonly string[] = []): Term {
  return { typed, isWord: false, name: typed, same: [typed, ...others], beginnings: [] }
}

function termOf(typed: string): Term {
  if (typed.endsWith('%')) return sign(typed)
  if (/^\d/.test(typed)) return sign(typed, [`${typed}%`, ...sizesOf(typed)])
  if (typed.length === 1) return sign(typed, [`^${typed}`])
  const translated = translate(typed)
  const hebrew = [...hebrewNames(typed), ...translated]
  const same = [typed, ...hebrew, ...(EQUIVALENTS.get(typed) ?? [])].flatMap(wordForms)
  // a translated word is not a prefix: `milk` must not match Milka
  const beginnings = translated.length === 0 ? [typed] : []
  return { typed, isWord: true, name: hebrew[0] ?? typed, same: [...new Set(same)], beginnings }
}

/** Hebrew words that chains use as synonyms. */
const EQUIVALENTS = new Map(
  [
    ['ללא', 'נטול', 'נטולת', 'בלי'],
    ['צהוב', 'צהובה'],
    ['לבן', 'לבנה'],
  ].flatMap((words) => words.map((word): [string, string[]] => [word, words])),
)

/** The text of a tsquery that matches all terms, each by any of its pieces. */
export function tsquery(terms: readonly Term[], piecesOf: (term: Term) => string[]): string {
  return terms.map((term) => `(${piecesOf(term).join(' | ')})`).join(' & ')
}

/** A word in a tsquery; `marks` are weights, and `*` for a prefix. */
export function lexeme(word: string, marks = ''): string {
  return marks === '' ? `'${word}'` : `'${word}':${marks}`
}
