import { searchWords } from '../search/words.ts'
import { type Form, type Rule, rules } from './rules.ts'

/** What is known of a product that tells its category. */
export type Described = {
  name: string | null
  names: readonly string[]
  unitOfMeasure: string | null
  isWeighted: boolean
}

export type Category = { category: string; subcategory: string | null; category_rule: string | null }

export const OTHER: Category = { category: 'Other', subcategory: null, category_rule: null }

/** After these words a name tells what a product is like, and no longer what it is. */
const LIKENESS = new Set([
  'בטעם',
  'טעם',
  'בניחוח',
  'ניחוח',
  'בריח',
  'ריח',
  'עם',
  'ללא',
  'בתוספת',
  'כולל',
  'בצורת',
  'מתנה',
])

/** The category of a product, with the term of the table that decided (`category_rule`). */
export function classify(product: Described): Category {
  return categoryOf(decidingRule(product))
}

export function categoryOf(rule: Rule | null): Category {
  return rule === null ? OTHER : { category: rule.category, subcategory: rule.subcategory, category_rule: rule.term }
}

const PACKS = new Set(
  'מארז מארזי מאגדת זוג צמד סט שלישיית שלישייה רביעיית רביעייה חמישיית שישיית שישייה שמיניית עשיריית מבצע בקבוק פחית שקית'.split(
    ' ',
  ),
)

/**
 * The rule that decides what a product is; null when none does. In Hebrew the thing itself comes first (`רסק עגבניות`),
 * so of the terms in a name the first one decides, at one place the one that says most. Every name that a chain gives has
 * a vote, the chosen one a little more.
 */
export function decidingRule(product: Described): Rule | null {
  const form = formOf(product)
  const votes = new Map<string, { rule: Rule; votes: number }>()
  const vote = (name: string, weight: number) => {
    const found = firstRule(searchWords(name), form)
    if (found === null) return
    const key = `${found.rule.category}/${found.rule.subcategory}`
    const known = votes.get(key)
    const more = weight * (WEIGHTS[found.rank] ?? 0)
    if (known === undefined) votes.set(key, { rule: found.rule, votes: more })
    else known.votes += more
  }
  if (product.name !== null) vote(product.name, 1.5)
  for (const name of product.names) if (name !== product.name) vote(name, 1)
  let best: { rule: Rule; votes: number } | null = null
  for (const one of votes.values()) if (best === null || one.votes > best.votes) best = one
  return best?.rule ?? null
}

/** Of a rule that is last to be asked, of one as others are, and of a sure one. */
const WEIGHTS = [1, 10, 100]

function formOf({ unitOfMeasure, isWeighted }: Described): Form | null {
  if (isWeighted) return 'weighed'
  if (unitOfMeasure === 'liter' || unitOfMeasure === 'milliliter') return 'liquid'
  return unitOfMeasure === 'gram' || unitOfMeasure === 'kilogram' ? 'packed' : null
}

type Found = { rule: Rule; rank: number; at: number }

/** The rule that decides a name, of the words that it has. */
function firstRule(words: readonly string[], form: Form | null): Found | null {
  const likeness = words.findIndex((word, i) => i > 0 && LIKENESS.has(word))
  let best: Found | null = null
  for (const [at, word] of words.entries()) {
    for (const rule of beginningWith(word)) {
      const rank = rule.rank === 'sure' ? 2 : rule.rank === 'last' || (likeness > 0 && at > likeness) ? 0 : 1
      const found = { rule, rank, at }
      if ((best === null || isBetter(found, best)) && holds(rule, { words, at, form })) best = found
    }
  }
  return best
}

function isBetter(one: Found, other: Found): boolean {
  if (one.rank !== other.rank) return one.rank > other.rank
  return one.at !== other.at ? one.at < other.at : says(one.rule) > says(other.rule)
}

/** How much a rule says: words before letters, a whole word before one that goes on. */
function says({ phrase, beside, form }: Rule): number {
  const letters = [...phrase, ...beside].reduce((sum, { text, goesOn }) => sum + text.length * 2 - (goesOn ? 1 : 0), 0)
  return (phrase.length + beside.length) * 1000 + (form === null ? 0 : 6) + letters
}

function holds(rule: Rule, { words, at, form }: { words: readonly string[]; at: number; form: Form | null }): boolean {
  if (rule.form !== null && rule.form !== form) return false
  // loose goods have short names, which tell nothing but what they are
  if (rule.leads && form !== 'weighed' && !words.slice(0, at).every(isPack)) return false
  return (
    rule.phrase.every((word, i) => isWord(word, words[at + i])) &&
    rule.beside.every((word) => words.some((one) => isWord(word, one)))
  )
}

/** What may stand before the thing itself: a number, or how it is packed. */
export function isPack(word: string): boolean {
  return /^\d/.test(word) || PACKS.has(word)
}

/** Whether a word is that of a rule. */
export function isWord({ text, goesOn }: Rule['phrase'][number], word: string | undefined): boolean {
  return goesOn ? word?.startsWith(text) === true : word === text
}

const byWord = Map.groupBy(
  rules.filter(({ phrase: [first] }) => first?.goesOn === false),
  ({ phrase: [first] }) => first?.text,
)
const byLetters = Map.groupBy(
  rules.filter(({ phrase: [first] }) => first?.goesOn === true),
  ({ phrase: [first] }) => first?.text.slice(0, 2),
)

/** The rules whose phrase may begin with a word. */
function* beginningWith(word: string): Generator<Rule> {
  yield* byWord.get(word) ?? []
  yield* byLetters.get(word.slice(0, 2)) ?? []
}
