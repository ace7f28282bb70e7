import { searchWords } from '../text/words.ts'
import { careTable } from './care-table.ts'
import { freshTable } from './fresh-table.ts'
import { homeTable } from './home-table.ts'
import { notGoodsTable } from './not-goods-table.ts'
import { pantryTable } from './pantry-table.ts'

/** What a product is told by: liquid by volume, packed by mass, weighed by its weight at the till. */
export type Form = 'liquid' | 'packed' | 'weighed'

/** A word of a rule; one that goes on is the beginning of a word. */
type Word = { text: string; goesOn: boolean }

export type Rule = {
  category: string
  subcategory: string
  /** As the table has it, without its mark. */
  term: string
  /** What it needs of the product besides its name. */
  form: Form | null
  /** Above all others wherever it stands, as the others do, or only where no other decides. */
  rank: 'sure' | 'plain' | 'last'
  /** Only as the first word of a name. */
  leads: boolean
  /** Words that stand together, and words that stand anywhere in the name. */
  phrase: Word[]
  beside: Word[]
  /** How much it says: words before letters, a whole word before one that goes on. */
  weight: number
}

/**
 * The rules of the tables. A line is `category / subcategory (form) | terms`, and goes on where the next is indented. A
 * term is the words of a phrase, then `+` before words that may stand anywhere in the name; `*` after a word: it may go on.
 * `!` before a term: it is sure; `?`: it is the last to be asked; `^`: it must begin the name.
 */
export const rules: readonly Rule[] = [
  freshTable,
  pantryTable,
  careTable,
  homeTable,
  notGoodsTable,
].flatMap((table) => table.trim().replaceAll(/\n +/g, ' ').split('\n').flatMap(readLine))

/** Coupons, deposits, carrier bags, fees: nothing that a comparison of goods may count. */
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
