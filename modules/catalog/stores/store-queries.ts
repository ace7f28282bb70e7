import { notFound } from '../../../src/http/contract/app-error.ts'
import { formatTimestamp } from '../../../src/http/contract/moment.ts'
import type { Page } from '../../../src/http/contract/page.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { readPage } from '../../../src/http/paging/paging.ts'
import { stores } from '../tables.ts'
import {
  findStoreIds,
  locateStores,
  type StoreLocation,
  storeDistances,
  storeFilterOf,
} from './store-index.ts'
import type { Store, StoresQuery } from './store-schemas.ts'

type StoreRow = Omit<typeof stores.$inferSelect, 'sub_chain_id' | 'described_by'> & {
  chain_name: string | null
}

/** Lists stores in the requested order; with `near`, the nearest first by default. */
export async function listStores(context: ReadContext, query: StoresQuery): Promise<Page<Store>> {
  const { db } = context
  const ids = await findStoreIds(context, { ...storeFilterOf(query), q: query.q })
  const distances = await storeDistances(context, query.near)
  const where = ids === undefined ? db`true` : db`s.id = any(${ids}::int[])`
  const measured =
    distances &&
    db`join unnest(${[...distances.keys()]}::int[], ${[...distances.values()]}::int[]) d (id, metres)
      on d.id = s.id`
  const page = await readPage<StoreRow>(context, query, {
    name: 'stores',
    sorts: {
      distance_km: { by: distances ? db`d.metres` : db`null::integer`, type: 'integer' },
      id: { column: stores.id, alias: 's' },
      name: { column: stores.name, alias: 's' },
      city: { by: db`coalesce(s.city, t.name)`, type: 'text' },
      chain_id: { column: stores.chain_id, alias: 's' },
      store_number: { column: stores.store_number, alias: 's' },
      last_observed_at: { column: stores.last_observed_at, alias: 's' },
    },
    order: [distances ? 'distance_km' : 'id'],
    unique: ['id'],
    total: async () =>
      ids?.length ?? Number((await db`select count(*) from catalog.stores`)[0]?.count),
    rows: ({ keys, after, order, limit }) => db`
      select ${storeColumns(context)}, ${keys}
      from ${storeTables(context)} ${measured ?? db``}
      where ${where} ${after} order by ${order} ${limit}`,
  })
  if (page.rows.length === 0) return { ...page, rows: [] }
  const locationOf = await locateStores(context)
  const rows = page.rows.map((row): Store => {
    const metres = distances?.get(row.id)
    const store = toStore(context, row, locationOf(row.id))
    return metres === undefined ? store : { ...store, distance_km: metres / 1000 }
  })
  return { ...page, rows }
}

/** @throws AppError STORE_NOT_FOUND */
export async function findStore(context: ReadContext, { id }: { id: number }): Promise<Store> {
  const [row] = await context.db<StoreRow[]>`
    select ${storeColumns(context)} from ${storeTables(context)} where s.id = ${id}`
  if (row === undefined) throw notFound('STORE_NOT_FOUND', `store ${id}`)
  return toStore(context, row, (await locateStores(context))(id))
}

export async function findStoresById(
  context: ReadContext,
  ids: readonly number[],
): Promise<Map<number, Store>> {
  const { db } = context
  const rows = await db<StoreRow[]>`
    select ${storeColumns(context)} from ${storeTables(context)}
    where s.id = any(${[...ids]}::int[])`
  const locationOf = await locateStores(context)
  return new Map(rows.map((row) => [row.id, toStore(context, row, locationOf(row.id))]))
}

function storeTables({ db }: ReadContext) {
  return db`catalog.stores s join catalog.chains c on c.id = s.chain_id
    left join catalog.settlements t on t.code = s.city_code`
}

function storeColumns({ db }: ReadContext) {
  return db`s.id, s.store_number, s.chain_id, s.name, c.name as chain_name, s.sub_chain, s.store_type,
    coalesce(s.city, t.name) as city, s.city_code, s.address, s.zip,
    s.latitude, s.longitude, s.last_observed_at, s.created_at, s.updated_at`
}

function toStore(
  { generation: { staleBefore } }: ReadContext,
  row: StoreRow,
  { settlement, rule, vatFree }: StoreLocation,
): Store {
  const seen = row.last_observed_at
  return {
    id: row.id,
    kaggle_store_id: `${row.chain_id}-${row.store_number}`,
    store_name: row.name,
    store_number: row.store_number,
    chain_id: row.chain_id,
    chain_name: row.chain_name,
    sub_chain: row.sub_chain,
    store_type: row.store_type,
    city: row.city,
    city_code: row.city_code,
    address: row.address,
    zip: row.zip,
    settlement: settlement?.name ?? null,
    settlement_code: settlement?.code ?? null,
    place_rule: rule,
    latitude: row.latitude === null ? null : Number(row.latitude),
    longitude: row.longitude === null ? null : Number(row.longitude),
    vat_free: vatFree,
    last_observed_at: seen && formatTimestamp(seen),
    stale: staleBefore !== null && (seen === null || seen < staleBefore),
    created_at: formatTimestamp(row.created_at),
    updated_at: formatTimestamp(row.updated_at),
  }
}
