import { joinPhrases, translate } from '../text/foreign-words.ts'
import { hebrewNames } from '../text/latin-names.ts'
import { sizeAt, sizesOf } from '../text/sizes.ts'
import { wordForms } from '../text/word-forms.ts'
import { searchWords } from '../text/words.ts'

/** One thing that someone typed, a word or a size: what it is found as, and what it may be the beginning of. */
export type Term = {
  typed: string
  isWord: boolean
  /** The word in Hebrew, for the classifier. */
  name: string
  /** Words of a document that are what was typed. */
  same: string[]
  /** What such words begin with. */
  beginnings: string[]
}

/** More words than anyone types: what a query may cost has a limit. */
const MAX_WORDS = 24

/**
 * What someone typed, term by term. A word is found in its other forms too, and as the beginning of a word; one letter
 * as the beginning of a name, and alone as nothing else. A number is itself or a size, never the beginning of another number.
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
  // a word that was translated is whole: `milk` is no beginning of Milka
  const beginnings = translated.length === 0 ? [typed] : []
  return { typed, isWord: true, name: hebrew[0] ?? typed, same: [...new Set(same)], beginnings }
}

/** Hebrew words that chains use for one another. */
const EQUIVALENTS = new Map(
  [
    ['ללא', 'נטול', 'נטולת', 'בלי'],
    ['צהוב', 'צהובה'],
    ['לבן', 'לבנה'],
  ].flatMap((words) => words.map((word): [string, string[]] => [word, words])),
)

/** All terms, each by any of its pieces, as the text of a tsquery. */
export function tsquery(terms: readonly Term[], piecesOf: (term: Term) => string[]): string {
  return terms.map((term) => `(${piecesOf(term).join(' | ')})`).join(' & ')
}

/** A word in a tsquery; `marks` are weights, and `*` for what begins so. */
export function lexeme(word: string, marks = ''): string {
  return marks === '' ? `'${word}'` : `'${word}':${marks}`
}
