import type { FindSettlement } from './city-names.ts'

/**
 * The sources of a store's settlement, in this order: its city's code or name, the store's name,
 * its address.
 */
export const PLACE_RULES = ['city_code', 'city', 'name', 'address'] as const
export type PlaceRule = (typeof PLACE_RULES)[number]

/** A settlement's code, and the source that it was found in. */
export type StorePlace = { code: string; rule: PlaceRule }

export type StoreTexts = {
  cityCode: string | null
  city: string | null
  name: string | null
  address: string | null
}

/**
 * Words before the name of a street, a quarter or a building. The words after them are not a
 * settlement.
 */
const STREET_WORDS = wordSet(
  'רחוב רח שדרות שדירות שד דרך כיכר ככר סמטת שכונת רובע פארק קניון צומת פינת מתחם מגדל נחל הר',
)
/** Settlements whose names are common words. Alone in a longer text, they are not a settlement. */
const COMMON_WORDS = wordSet('נווה אזור עלי רמות נופים אלונים כרמים מרכז צפון הדר בילו')
/** The maximum number of words in the name of a settlement. */
const MAX_NAME_WORDS = 5

/**
 * Finds the settlement of a store from its chain's data; null if no settlement is named, or
 * several. The longest settlement name in a text counts. A street that is named after a settlement
 * does not count. If the data has a city that is not a settlement, a single word of the store's
 * name does not count.
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

/** The settlement with the longest name in a text; null if there are several of that length. */
function longestSettlement(
  text: string,
  findSettlement: FindSettlement,
  minWords: number,
): string | null {
  const words = text.split(/[\s,()/|–-]+/).filter((word) => word !== '')
  for (let size = Math.min(MAX_NAME_WORDS, words.length); size >= minWords; size--) {
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

/**
 * Whether words of a text name a street: they follow a word for a street, or precede a house
 * number.
 */
function isOfStreet(words: readonly string[], at: number, size: number): boolean {
  const isWord = (index: number, set: ReadonlySet<string>) =>
    set.has((words[index] ?? '').replace(/[^\p{L}]/gu, ''))
  if (isWord(at - 1, STREET_WORDS) || /^\d/.test(words[at + size] ?? '')) return true
  return size === 1 && words.length > 1 && (isWord(at, STREET_WORDS) || isWord(at, COMMON_WORDS))
}

/** An address names its settlement in a separate part, or by a name of several words. */
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
