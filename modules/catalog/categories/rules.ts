import { searchWords } from '../text/words.ts'
import { careTable } from './care-table.ts'
import { freshTable } from './fresh-table.ts'
import { homeTable } from './home-table.ts'
import { notGoodsTable } from './not-goods-table.ts'
import { pantryTable } from './pantry-table.ts'

/** How a product is measured: `liquid` by volume, `packed` by mass, `weighed` at the till. */
export type Form = 'liquid' | 'packed' | 'weighed'

/** A word of a rule. With `goesOn`, it matches any word that begins with it. */
type Word = { text: string; goesOn: boolean }

export type Rule = {
  category: string
  subcategory: string
  /** The term as in the table, without its mark. */
  term: string
  /** The form that the product must have. */
  form: Form | null
  /**
   * `sure`: decides before all others, at any position. `last`: decides only if no other rule
   * matches.
   */
  rank: 'sure' | 'plain' | 'last'
  /** Only at the beginning of a name. */
  leads: boolean
  /** Adjacent words, and words at any position in the name. */
  phrase: Word[]
  beside: Word[]
  /**
   * How specific the rule is: first by the number of words, then by letters. A whole word outranks
   * a prefix.
   */
  weight: number
}

/**
 * The rules of the tables. A line is `category / subcategory (form) | terms`; indented lines
 * continue it. A term is the words of a phrase, then `+` before words at any position in the name.
 * `*` after a word matches words that begin with it.
 *
 * Marks before a term: `!` is a sure rule, `?` a last resort, and `^` matches only at the beginning
 * of a name.
 */
export const rules: readonly Rule[] = [
  freshTable,
  pantryTable,
  careTable,
  homeTable,
  notGoodsTable,
].flatMap((table) => table.trim().replaceAll(/\n +/g, ' ').split('\n').flatMap(readLine))

/** Coupons, deposits, carrier bags, fees: entries that a comparison of goods must exclude. */
export const NOT_GOODS = 'Not Goods'

function readLine(line: string): Rule[] {
  const [, category, subcategory, form = null, terms] =
    /^(.+?) \/ (.+?)(?: \((liquid|packed|weighed)\))? \| (.+)$/.exec(line) ?? []
  if (category === undefined || subcategory === undefined || terms === undefined) {
    throw new Error(`Cannot read the rules: "${line}" is not "category / subcategory | terms"`)
  }
  return terms.split(',').map((text) => {
    const [, mark, term = ''] = /^([!?^]?)(.*)$/.exec(text.trim()) ?? []
    const rank = mark === '!' ? 'sure' : mark === '?' ? 'last' : 'plain'
    const [phrase = '', ...beside] = term.split('+')
    const rule = {
      category,
      subcategory,
      term,
      form: form as Form | null,
      rank,
      leads: mark === '^',
    } as const
    const words = { phrase: readWords(phrase), beside: beside.flatMap(readWords) }
    return { ...rule, ...words, weight: weigh([...words.phrase, ...words.beside], form) }
  })
}

function weigh(words: readonly Word[], form: string | null): number {
  const letters = words.reduce(
    (sum, { text, goesOn }) => sum + text.length * 2 - (goesOn ? 1 : 0),
    0,
  )
  return words.length * 1000 + letters + (form === null ? 0 : 6)
}

function readWords(text: string): Word[] {
  return text
    .trim()
    .split(' ')
    .flatMap((part) => {
      const found = searchWords(part)
      return found.map((word, i) => ({
        text: word,
        goesOn: part.endsWith('*') && i === found.length - 1,
      }))
    })
}
