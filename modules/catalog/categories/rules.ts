import { searchWords } from '../search/words.ts'
import { foodTable } from './food-table.ts'
import { homeTable } from './home-table.ts'

/** What a product is told by: liquid by volume, packed by mass, weighed by its weight at the till. */
export type Form = 'liquid' | 'packed' | 'weighed'

/** A word of a rule; one that goes on is the beginning of a word. */
type Word = { text: string; goesOn: boolean }

export type Rule = {
  category: string
  subcategory: string
  /** As the table has it. */
  term: string
  /** What it needs of the product besides its name. */
  form: Form | null
  /** Above all others wherever it stands, as the others do, or only where no other decides. */
  rank: 'sure' | 'plain' | 'last'
  /** Words that stand together, and words that stand anywhere in the name. */
  phrase: Word[]
  beside: Word[]
}

/**
 * The rules of the tables. A line is `category / subcategory (form) | terms`; a term is the words of a phrase, then `+`
 * before words that may stand anywhere in the name. `*` after a word: it may go on. `!` before a term: it is sure; `?`:
 * it is the last to be asked.
 */
export const rules: readonly Rule[] = [foodTable, homeTable].flatMap((table) =>
  table.trim().split('\n').flatMap(readLine),
)

function readLine(line: string): Rule[] {
  const [, category = '', subcategory = '', form = null, terms = ''] =
    /^(.+?) \/ (.+?)(?: \((liquid|packed|weighed)\))? \| (.+)$/.exec(line) ?? []
  return terms.split(',').map((text) => {
    const term = text.trim()
    const rank = term.startsWith('!') ? 'sure' : term.startsWith('?') ? 'last' : 'plain'
    const [phrase = '', ...beside] = term.replace(/^[!?]/, '').split('+')
    const rule = { category, subcategory, term, form: form as Form | null, rank } as const
    return { ...rule, phrase: readWords(phrase), beside: beside.flatMap(readWords) }
  })
}

function readWords(text: string): Word[] {
  return text
    .trim()
    .split(' ')
    .flatMap((part) => {
      const found = searchWords(part)
      return found.map((word, i) => ({ text: word, goesOn: part.endsWith('*') && i === found.length - 1 }))
    })
}
