import type { FindSettlement } from './city-names.ts'

/** What decided where a store is: its city's code or name, the store's name or its address, in this order. */
export const PLACE_RULES = ['city_code', 'city', 'name', 'address'] as const
export type PlaceRule = (typeof PLACE_RULES)[number]

/** A settlement's code, and the rule that found it. */
export type StorePlace = { code: string; rule: PlaceRule }

export type StoreTexts = {
  cityCode: string | null
  city: string | null
  name: string | null
  address: string | null
}

/** Words before the name of a street, a quarter or a building; what follows them is no settlement. */
const STREET_WORDS = wordSet(
  'רחוב רח שדרות שדירות שד דרך כיכר ככר סמטת שכונת רובע פארק קניון צומת פינת מתחם מגדל נחל הר',
)
/** Settlements that are named like parts of other names; alone in a longer text they name no settlement. */
const COMMON_WORDS = wordSet('נווה אזור עלי רמות נופים אלונים כרמים מרכז צפון הדר בילו')
/** The longest settlement names have so many words. */
const LONGEST = 5

/**
 * Finds the settlement of a store by what its chain's list says of it; null when nothing names one, or two are named.
 * Of several settlements in a text the longest name counts. A street that is named after a settlement is none. Where
 * the list names a city that is no settlement, a single word of the store's name decides nothing.
 */
export function placeStore(
  { cityCode, city, name, address }: StoreTexts,
  findSettlement: FindSettlement,
): StorePlace | null {
  if (cityCode !== null) return { code: cityCode, rule: 'city_code' }
  const byCity = city && (findSettlement(city) ?? longestSettlement(city, findSettlement, 1))
  if (byCity) return { code: byCity, rule: 'city' }
  const byName = name && longestSettlement(name, findSettlement, city ? 2 : 1)
  if (byName) return { code: byName, rule: 'name' }
  const byAddress = address && settlementOfAddress(address, findSettlement)
  return byAddress ? { code: byAddress, rule: 'address' } : null
}

/** The settlement that most words of a text name; null when as many words name another one too. */
function longestSettlement(
  text: string,
  findSettlement: FindSettlement,
  minWords: number,
): string | null {
  const words = text.split(/[\s,()/|–-]+/).filter((word) => word !== '')
  for (let size = Math.min(LONGEST, words.length); size >= minWords; size--) {
    const codes = new Set<string>()
    for (let at = 0; at + size <= words.length; at++) {
      const taken = words.slice(at, at + size)
      if (isOfStreet(words, at, size)) continue
      const code = findSettlement(taken.join(' '), { exact: size === 1 })
      if (code !== null) codes.add(code)
    }
    const [code = null, ...others] = codes
    if (code !== null) return others.length === 0 ? code : null
  }
  return null
}

/** Whether words of a text name a street: behind a word for one, or before its number. */
function isOfStreet(words: readonly string[], at: number, size: number): boolean {
  const isWord = (index: number, set: ReadonlySet<string>) =>
    set.has((words[index] ?? '').replace(/[^\p{L}]/gu, ''))
  if (isWord(at - 1, STREET_WORDS) || /^\d/.test(words[at + size] ?? '')) return true
  return size === 1 && words.length > 1 && (isWord(at, STREET_WORDS) || isWord(at, COMMON_WORDS))
}

/** An address names its settlement in a part of its own, or by a name of several words. */
function settlementOfAddress(address: string, findSettlement: FindSettlement): string | null {
  const parts = address.split(',').map((part) => part.trim())
  for (const part of parts.length > 1 ? parts.toReversed() : []) {
    const code = findSettlement(part, { exact: true })
    if (code !== null && !STREET_WORDS.has(part)) return code
  }
  return longestSettlement(address, findSettlement, 2)
}

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(' '))
}
