import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { searchTokens } from '../text/words.ts'
import { cityKey, type Settlement, settlementFinder } from './city-names.ts'

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

type Index = { stores: Entry[]; findSettlement: (name: string) => string | null }

type Entry = {
  id: number
  chainId: string
  storeNumber: number
  lastObservedAt: Date | null
  /** Of the settlement that its list names, by code or by name. */
  cityCode: string | null
  cityKey: string
  slugs: string[]
  chainWords: string[]
  words: string[]
}

/**
 * The ids of the stores that a filter asks for, ascending; undefined when it asks for nothing. A few thousand stores are
 * kept in memory per generation, so that names match as people type them and prices are found by store id alone.
 */
export async function findStoreIds(
  context: ReadContext,
  filter: StoreFilter,
): Promise<number[] | undefined> {
  if (Object.values(filter).every((value) => value === undefined)) return undefined
  const index = await context.cached('store index', () => readIndex(context))
  const tests = testsOf(filter, index)
  return index.stores.filter((store) => tests.every((test) => test(store))).map(({ id }) => id)
}

/** The ids of the stores that are stale: last observed before the dataset's bound, or never. */
export async function findStaleStoreIds(context: ReadContext): Promise<number[]> {
  const { staleBefore } = context.generation
  if (staleBefore === null) return []
  const { stores } = await context.cached('store index', () => readIndex(context))
  return stores
    .filter(({ lastObservedAt }) => lastObservedAt === null || lastObservedAt < staleBefore)
    .map(({ id }) => id)
}

function testsOf(
  filter: StoreFilter,
  { stores, findSettlement }: Index,
): ((store: Entry) => boolean)[] {
  const { q, city, chain, chain_id, store_number, store_id, observedSince } = filter
  const tests: ((store: Entry) => boolean)[] = []
  if (store_id !== undefined) tests.push((store) => store.id === store_id)
  if (chain_id !== undefined) tests.push((store) => store.chainId === chain_id)
  if (store_number !== undefined) tests.push((store) => store.storeNumber === store_number)
  if (observedSince !== undefined) {
    tests.push(({ lastObservedAt }) => lastObservedAt !== null && lastObservedAt >= observedSince)
  }
  if (city !== undefined) {
    const key = cityKey(city)
    const code = /^\d+$/.test(key) ? key.replace(/^0+/, '') : findSettlement(city)
    tests.push(
      (store) =>
        (code !== null && store.cityCode === code) || (key !== '' && store.cityKey === key),
    )
  }
  if (chain !== undefined) {
    const slug = chain.toLowerCase()
    const isSlug = stores.some(({ slugs }) => slugs.includes(slug))
    const typed = searchTokens(chain)
    tests.push(({ slugs, chainWords }) =>
      isSlug ? slugs.includes(slug) : allBegin(typed, chainWords),
    )
  }
  if (q !== undefined) {
    const typed = searchTokens(q)
    tests.push((store) => allBegin(typed, store.words))
  }
  return tests
}

function allBegin(typed: string[], words: string[]): boolean {
  return (
    typed.length > 0 && typed.every((beginning) => words.some((word) => word.startsWith(beginning)))
  )
}

async function readIndex({ db }: ReadContext): Promise<Index> {
  const findSettlement = settlementFinder(
    await db<Settlement[]>`select code, name from catalog.settlements order by code`,
  )
  type Row = Omit<Entry, 'cityKey' | 'words' | 'chainWords'> & {
    city: string
    chain: string
    text: string
  }
  const rows = await db<Row[]>`
    select s.id, s.chain_id as "chainId", s.store_number as "storeNumber", s.last_observed_at as "lastObservedAt",
      s.city_code as "cityCode", coalesce(s.city, t.name, '') as city, c.slugs,
      concat_ws(' ', c.name, array_to_string(c.slugs, ' ')) as chain,
      concat_ws(' ', s.name, c.name, array_to_string(c.slugs, ' '), s.sub_chain, s.city, t.name, s.address) as text
    from catalog.stores s join catalog.chains c on c.id = s.chain_id
      left join catalog.settlements t on t.code = s.city_code
    order by s.id`
  const stores = rows.map(({ city, chain, text, ...store }) => ({
    ...store,
    cityCode: store.cityCode ?? findSettlement(city),
    cityKey: cityKey(city),
    chainWords: searchTokens(chain),
    words: searchTokens(text),
  }))
  return { stores, findSettlement }
}
