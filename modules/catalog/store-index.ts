import type { View } from '../../src/http/view.ts'
import { searchTokens } from './search-text.ts'

/** What stores are looked up by; what is absent does not matter. */
export type StoreFilter = {
  q?: string | undefined
  city?: string | undefined
  chain?: string | undefined
  chain_id?: string | undefined
  store_number?: number | undefined
  store_id?: number | undefined
  /** Only stores that were observed at this moment or after it. */
  observedSince?: Date | undefined
}

type Entry = {
  id: number
  chainId: string
  storeNumber: number
  lastObservedAt: Date | null
  cityCode: string | null
  city: string
  slugs: string[]
  chainWords: string[]
  words: string[]
}

/**
 * The ids of the stores that a filter asks for, ascending; undefined when it asks for nothing. A few thousand stores are
 * kept in memory per generation, so that names match as people type them and prices are found by store id alone.
 */
export async function findStoreIds(view: View, filter: StoreFilter): Promise<number[] | undefined> {
  if (Object.values(filter).every((value) => value === undefined)) return undefined
  const stores = await view.once('store index', () => readStores(view))
  const tests = testsOf(filter, stores)
  return stores.filter((store) => tests.every((test) => test(store))).map(({ id }) => id)
}

/** The ids of the stores that are stale: last observed before the dataset's bound, or never. */
export async function findStaleStoreIds(view: View): Promise<number[]> {
  const { staleBefore } = view.generation
  if (staleBefore === null) return []
  const stores = await view.once('store index', () => readStores(view))
  return stores
    .filter(({ lastObservedAt }) => lastObservedAt === null || lastObservedAt < staleBefore)
    .map(({ id }) => id)
}

function testsOf(filter: StoreFilter, stores: readonly Entry[]): ((store: Entry) => boolean)[] {
  const { q, city, chain, chain_id, store_number, store_id, observedSince } = filter
  const tests: ((store: Entry) => boolean)[] = []
  if (store_id !== undefined) tests.push((store) => store.id === store_id)
  if (chain_id !== undefined) tests.push((store) => store.chainId === chain_id)
  if (store_number !== undefined) tests.push((store) => store.storeNumber === store_number)
  if (observedSince !== undefined) {
    tests.push(({ lastObservedAt }) => lastObservedAt !== null && lastObservedAt >= observedSince)
  }
  if (city !== undefined) {
    const name = plain(city)
    tests.push((store) => store.cityCode === city || (name !== '' && store.city === name))
  }
  if (chain !== undefined) {
    const slug = chain.toLowerCase()
    const isSlug = stores.some(({ slugs }) => slugs.includes(slug))
    const typed = searchTokens(chain)
    tests.push(({ slugs, chainWords }) => (isSlug ? slugs.includes(slug) : allBegin(typed, chainWords)))
  }
  if (q !== undefined) {
    const typed = searchTokens(q)
    tests.push((store) => allBegin(typed, store.words))
  }
  return tests
}

function allBegin(typed: string[], words: string[]): boolean {
  return typed.length > 0 && typed.every((beginning) => words.some((word) => word.startsWith(beginning)))
}

/** A name without its punctuation: `תל-אביב` and `תל אביב` are one city. */
function plain(name: string): string {
  return searchTokens(name).join(' ')
}

async function readStores({ db }: View): Promise<Entry[]> {
  const rows = await db<(Omit<Entry, 'words' | 'chainWords'> & { chain: string; text: string })[]>`
    select s.id, s.chain_id as "chainId", s.store_number as "storeNumber", s.last_observed_at as "lastObservedAt",
      s.city_code as "cityCode", coalesce(s.city, '') as city, c.slugs,
      concat_ws(' ', c.name, array_to_string(c.slugs, ' ')) as chain,
      concat_ws(' ', s.name, c.name, array_to_string(c.slugs, ' '), s.sub_chain, s.city, s.address) as text
    from catalog.stores s join catalog.chains c on c.id = s.chain_id
    order by s.id`
  return rows.map(({ chain, text, ...store }) => ({
    ...store,
    city: plain(store.city),
    chainWords: searchTokens(chain),
    words: searchTokens(text),
  }))
}
