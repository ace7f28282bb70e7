import { searchWords } from '../text/words.ts'
import { type Form, type Rule, rules } from './rules.ts'

/** The properties of a product that determine its category. */
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

/** Words after which a name describes a property of the product, not the product itself. */
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

/** The category of a product, with the table term that decided it (`category_rule`). */
export function classify(product: Described): Category {
  return categoryOf(decidingRule(namesOf(product).map(searchWords), product))
}

export function categoryOf(rule: Rule | null): Category {
  return rule === null
    ? OTHER
    : { category: rule.category, subcategory: rule.subcategory, category_rule: rule.term }
}

/** All names, the chosen name first, without duplicates. */
export function namesOf({ name, names }: Pick<Described, 'name' | 'names'>): string[] {
  return [...(name === null ? [] : [name]), ...names.filter((one) => one !== name)]
}

const PACKS = new Set(
  'מארז מארזי מאגדת זוג צמד סט שלישיית שלישייה רביעיית רביעייה חמישיית שישיית שישייה שמיניית עשיריית מבצע בקבוק פחית שקית'.split(
    ' ',
  ),
)

/**
 * Returns the rule that decides the category of a product; null if no rule matches.
 *
 * In Hebrew the noun comes first (`רסק עגבניות`), so the first matching term in a name decides. Of
 * terms at the same position, the most specific one decides. Every name has a vote, and the chosen
 * name counts slightly more.
 *
 * @param names the names in the order of `namesOf`, as words
 */
export function decidingRule(
  names: readonly (readonly string[])[],
  product: Pick<Described, 'name' | 'unitOfMeasure' | 'isWeighted'>,
): Rule | null {
  const form = formOf(product)
  const votes = new Map<string, { rule: Rule; votes: number }>()
  for (const [i, words] of names.entries()) {
    const match = firstRule(words, form)
    if (match === null) continue
    const key = `${match.rule.category}/${match.rule.subcategory}`
    const entry = votes.get(key)
    const more = (i === 0 && product.name !== null ? 1.5 : 1) * (WEIGHTS[match.rank] ?? 0)
    if (entry === undefined) votes.set(key, { rule: match.rule, votes: more })
    else entry.votes += more
  }
  let best: { rule: Rule; votes: number } | null = null
  for (const one of votes.values()) if (best === null || one.votes > best.votes) best = one
  return best?.rule ?? null
}

/** The vote weights of the ranks: a last resort, a plain rule, a sure rule. */
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

/**
 * The rule that decides a name: the highest rank, then the first position, then the most specific
 * term.
 */
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
  // loose goods have short names without a description, so the term may be at any position
  if (rule.leads && form !== 'weighed' && !words.slice(0, at).every(isPack)) return false
  return (
    rule.phrase.every((word, i) => isWord(word, words[at + i])) &&
    rule.beside.every((word) => words.some((one) => isWord(word, one)))
  )
}

/** Whether a word may precede the noun: a number, or a kind of package. */
export function isPack(word: string): boolean {
  return /^\d/.test(word) || PACKS.has(word)
}

/** Whether a word matches a word of a rule. */
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

/** The rules whose phrase may begin with this word. */
function beginningWith(word: string): Rule[] {
  const exact = byWord.get(word) ?? none
  const going = byLetters.get(word.slice(0, 2)) ?? none
  return going === none ? exact : exact === none ? going : [...exact, ...going]
}
