import { invalid } from '../../../src/http/contract/app-error.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { CHAINS } from '../reference/chains.ts'
import { SETTLEMENTS, VAT_FREE_CODE } from '../reference/settlements.ts'
import { searchTokens } from '../text/words.ts'
import { cityKey, type FindSettlement, type Settlement, settlementFinder } from './city-names.ts'
import { distanceKm, type Point } from './distance.ts'
import { type PlaceRule, placeStore } from './place-store.ts'

/** The filters for stores; an undefined filter matches all stores. */
export type StoreFilter = {
  q?: string | undefined
  city?: string | undefined
  chain?: string | undefined
  chain_id?: string | undefined
  store_number?: number | undefined
  store_id?: number | undefined
  /**
   * `latitude,longitude` in WGS84 degrees; stores without coordinates or a known settlement are
   * excluded.
   */
  near?: string | undefined
  /** The maximum distance from `near`; any distance if undefined. */
  radius_km?: number | undefined
  /** Whether the store is in the area without value-added tax (Eilat). */
  vat_free?: boolean | undefined
  /** Only stores that were observed at this moment or later. */
  observedSince?: Date | undefined
}

type PlaceFilter = Pick<
  StoreFilter,
  'city' | 'chain' | 'chain_id' | 'near' | 'radius_km' | 'vat_free'
>

/** Selects the store filters of a query (`storeFilters`), for every list that has them. */
export function storeFilterOf(query: PlaceFilter): PlaceFilter {
  const { city, chain, chain_id, near, radius_km, vat_free } = query
  return { city, chain, chain_id, near, radius_km, vat_free }
}

type Index = { stores: Entry[]; byId: Map<number, Entry>; findSettlement: FindSettlement }

/**
 * The location of a store: its settlement, the rule that found it, and the coordinates of the store
 * or of the settlement.
 */
export type StoreLocation = {
  settlement: Settlement | null
  rule: PlaceRule | null
  point: Point | null
  vatFree: boolean
}

type Entry = {
  id: number
  chainId: string
  storeNumber: number
  lastObservedAt: Date | null
  place: StoreLocation
  cityKey: string
  slugs: string[]
  chainWords: string[]
  words: string[]
}

/**
 * The ids of the stores that match a filter, ascending; undefined for an empty filter. A few
 * thousand stores are kept in memory per generation. Partial names can then match, and prices are
 * found by store id alone.
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

/** Returns a function that gives the location of a store by id. */
export async function locateStores(context: ReadContext): Promise<(id: number) => StoreLocation> {
  const { byId } = await context.cached('store index', () => readIndex(context))
  return (id) => byId.get(id)?.place ?? NOWHERE
}

/** The distances of stores from `near`, in metres by id; undefined without `near`. */
export async function storeDistances(
  context: ReadContext,
  near: string | undefined,
): Promise<Map<number, number> | undefined> {
  if (near === undefined) return undefined
  const point = readPoint(near)
  const { stores } = await context.cached('store index', () => readIndex(context))
  return new Map(
    stores.flatMap(({ id, place }) =>
      place.point === null
        ? []
        : [[id, Math.round(distanceKm(point, place.point) * 1000)] as const],
    ),
  )
}

/** @throws AppError VALIDATION_ERROR for degrees out of range */
function readPoint(near: string): Point {
  const [latitude = Number.NaN, longitude = Number.NaN] = near.split(',').map(Number)
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180))
    throw invalid({ field: 'near', message: 'must be latitude,longitude in degrees' })
  return { latitude, longitude }
}

/** The ids of the stale stores: last observed before the dataset's limit, or never. */
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
  const { near, radius_km, vat_free } = filter
  const tests: ((store: Entry) => boolean)[] = []
  if (store_id !== undefined) tests.push((store) => store.id === store_id)
  if (chain_id !== undefined) tests.push((store) => store.chainId === chain_id)
  if (store_number !== undefined) tests.push((store) => store.storeNumber === store_number)
  if (observedSince !== undefined) {
    tests.push(({ lastObservedAt }) => lastObservedAt !== null && lastObservedAt >= observedSince)
  }
  if (radius_km !== undefined && near === undefined)
    throw invalid({ field: 'radius_km', message: 'needs near' })
  if (near !== undefined) {
    const point = readPoint(near)
    tests.push(
      ({ place }) =>
        place.point !== null &&
        distanceKm(point, place.point) <= (radius_km ?? Number.POSITIVE_INFINITY),
    )
  }
  if (vat_free !== undefined) tests.push(({ place }) => place.vatFree === vat_free)
  if (city !== undefined) {
    const key = cityKey(city)
    const code = /^\d+$/.test(key) ? key.replace(/^0+/, '') : findSettlement(city)
    tests.push(
      (store) =>
        (code !== null && store.place.settlement?.code === code) ||
        (key !== '' && store.cityKey === key),
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

const NOWHERE: StoreLocation = {
  settlement: null,
  rule: null,
  point: null,
  vatFree: false,
}

type Row = Pick<Entry, 'id' | 'chainId' | 'storeNumber' | 'lastObservedAt' | 'slugs'> & {
  cityCode: string | null
  city: string | null
  name: string | null
  address: string | null
  latitude: string | null
  longitude: string | null
  chain: string
  text: string
}

async function readIndex({ db }: ReadContext): Promise<Index> {
  const fetched = await db<Settlement[]>`select code, name from catalog.settlements order by code`
  const settlements = new Map<string, Settlement>(SETTLEMENTS)
  for (const settlement of fetched) settlements.set(settlement.code, settlement)
  const findSettlement = settlementFinder([...settlements.values()])
  const rows = await db<Row[]>`
    select s.id, s.chain_id as "chainId", s.store_number as "storeNumber",
      s.last_observed_at as "lastObservedAt", s.city_code as "cityCode", s.city, s.name, s.address, s.latitude,
      s.longitude, c.slugs, concat_ws(' ', c.name, array_to_string(c.slugs, ' ')) as chain,
      concat_ws(' ', s.name, c.name, array_to_string(c.slugs, ' '), s.sub_chain, s.city, s.address) as text
    from catalog.stores s join catalog.chains c on c.id = s.chain_id
    order by s.id`
  const stores = rows.map((row): Entry => {
    const { id, chainId, storeNumber, lastObservedAt, slugs } = row
    const place = locate(row, { settlements, findSettlement })
    const reference = CHAINS.get(chainId)
    const chainText = `${row.chain} ${reference?.name ?? ''} ${reference?.english ?? ''}`
    return {
      ...{ id, chainId, storeNumber, lastObservedAt, slugs, place },
      cityKey: cityKey(row.city ?? place.settlement?.name ?? ''),
      chainWords: searchTokens(chainText),
      words: searchTokens(`${row.text} ${chainText} ${place.settlement?.name ?? ''}`),
    }
  })
  return { stores, byId: new Map(stores.map((store) => [store.id, store])), findSettlement }
}

function locate(
  row: Row,
  {
    settlements,
    findSettlement,
  }: { settlements: Map<string, Settlement>; findSettlement: FindSettlement },
): StoreLocation {
  const place = placeStore(row, findSettlement)
  const code = place?.code ?? null
  const reference = code === null ? undefined : SETTLEMENTS.get(code)
  const own =
    row.latitude === null || row.longitude === null
      ? null
      : { latitude: Number(row.latitude), longitude: Number(row.longitude) }
  const centre =
    reference === undefined || reference.latitude === null || reference.longitude === null
      ? null
      : { latitude: reference.latitude, longitude: reference.longitude }
  return {
    settlement: code === null ? null : (settlements.get(code) ?? { code, name: code }),
    rule: place?.rule ?? null,
    point: own ?? centre,
    vatFree: code === VAT_FREE_CODE,
  }
}
