import { searchWords } from '../text/words.ts'
import { type Form, type Rule, rules } from './rules.ts'

/** What is known of a product that tells its category. */
export type Described = {
  name: string | null
  names: readonly string[]
  unitOfMeasure: string | null
  isWeighted: boolean
}

export type Category = {
  category: string
  subcategory: string | null
  category_rule: string | null
}

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
  return categoryOf(decidingRule(namesOf(product).map(searchWords), product))
}

export function categoryOf(rule: Rule | null): Category {
  return rule === null
    ? OTHER
    : { category: rule.category, subcategory: rule.subcategory, category_rule: rule.term }
}

/** The chosen name first, and each once. */
export function namesOf({ name, names }: Pick<Described, 'name' | 'names'>): string[] {
  return [...(name === null ? [] : [name]), ...names.filter((one) => one !== name)]
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
 * @param names as `namesOf` has them, by their words
 */
export function decidingRule(
  names: readonly (readonly string[])[],
  product: Pick<Described, 'name' | 'unitOfMeasure' | 'isWeighted'>,
): Rule | null {
  const form = formOf(product)
  const votes = new Map<string, { rule: Rule; votes: number }>()
  for (const [i, words] of names.entries()) {
    const found = firstRule(words, form)
    if (found === null) continue
    const key = `${found.rule.category}/${found.rule.subcategory}`
    const known = votes.get(key)
    const more = (i === 0 && product.name !== null ? 1.5 : 1) * (WEIGHTS[found.rank] ?? 0)
    if (known === undefined) votes.set(key, { rule: found.rule, votes: more })
    else known.votes += more
  }
  let best: { rule: Rule; votes: number } | null = null
  for (const one of votes.values()) if (best === null || one.votes > best.votes) best = one
  return best?.rule ?? null
}

/** Of a rule that is last to be asked, of one as others are, and of a sure one. */
const WEIGHTS = [1, 10, 100]

function formOf({
  unitOfMeasure,
  isWeighted,
}: Pick<Described, 'unitOfMeasure' | 'isWeighted'>): Form | null {
  if (isWeighted) return 'weighed'
  if (unitOfMeasure === 'liter' || unitOfMeasure === 'milliliter') return 'liquid'
  return unitOfMeasure === 'gram' || unitOfMeasure === 'kilogram' ? 'packed' : null
}

type Found = { rule: Rule; rank: number; at: number }

/** The rule that decides a name, of the words that it has: of the highest rank, then the first, then what says most. */
function firstRule(words: readonly string[], form: Form | null): Found | null {
  const likeness = words.findIndex((word, i) => i > 0 && LIKENESS.has(word))
  let best: Found | null = null
  for (let at = 0; at < words.length; at++) {
    for (const rule of beginningWith(words[at] ?? '')) {
      const rank =
        rule.rank === 'sure' ? 2 : rule.rank === 'last' || (likeness > 0 && at > likeness) ? 0 : 1
      if (
        best !== null &&
        (rank < best.rank ||
          (rank === best.rank && (at > best.at || rule.weight <= best.rule.weight)))
      )
        continue
      if (holds(rule, { words, at, form })) best = { rule, rank, at }
    }
  }
  return best
}

function holds(
  rule: Rule,
  { words, at, form }: { words: readonly string[]; at: number; form: Form | null },
): boolean {
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
export function isWord(
  { text, goesOn }: Rule['phrase'][number],
  word: string | undefined,
): boolean {
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

const none: Rule[] = []

/** The rules whose phrase may begin with a word. */
function beginningWith(word: string): Rule[] {
  const exact = byWord.get(word) ?? none
  const going = byLetters.get(word.slice(0, 2)) ?? none
  return going === none ? exact : exact === none ? going : [...exact, ...going]
}
