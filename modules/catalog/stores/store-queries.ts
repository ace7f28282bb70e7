import type { Static } from '@sinclair/typebox'
import { notFound } from '../../../src/http/contract/app-error.ts'
import { formatTimestamp } from '../../../src/http/contract/moment.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { type Page, readPage } from '../../../src/http/paging/paging.ts'
import type { chainList, storeList } from '../schemas.ts'
import type { Chain, Store } from '../shapes.ts'
import type { chains, stores } from '../tables.ts'
import { findStoreIds } from './store-index.ts'

type ChainRow = Omit<typeof chains.$inferSelect, 'described_by'> & {
  store_count: number
  last_observed_at: Date | null
}

export async function listChains(
  context: ReadContext,
  query: Static<typeof chainList.query>,
): Promise<Page<Chain>> {
  const { db } = context
  const page = await readPage<ChainRow>(context, query, {
    name: 'chains',
    sorts: {
      id: { by: db`c.id`, type: 'text' },
      name: { by: db`c.name`, type: 'text', nullable: true },
    },
    order: ['id'],
    unique: ['id'],
    total: async () => Number((await db`select count(*) from catalog.chains`)[0]?.count),
    rows: ({ keys, after, order, limit }) => db`
      select ${chainColumns(context)}, ${keys} from catalog.chains c where true ${after} order by ${order} ${limit}`,
  })
  return { ...page, rows: page.rows.map(toChain) }
}

/** @throws AppError CHAIN_NOT_FOUND */
export async function findChain(context: ReadContext, { id }: { id: string }): Promise<Chain> {
  const { db } = context
  const [row] = await db<
    ChainRow[]
  >`select ${chainColumns(context)} from catalog.chains c where c.id = ${id}`
  if (row === undefined) throw notFound('CHAIN_NOT_FOUND', `chain ${id}`)
  return toChain(row)
}

function chainColumns({ db }: ReadContext) {
  return db`c.id, c.name, c.slugs, c.created_at, c.updated_at,
    (select count(*)::int from catalog.stores s where s.chain_id = c.id) as store_count,
    (select max(s.last_observed_at) from catalog.stores s where s.chain_id = c.id) as last_observed_at`
}

function toChain(row: ChainRow): Chain {
  return {
    id: row.id,
    name: row.name,
    slugs: row.slugs,
    store_count: row.store_count,
    last_observed_at: row.last_observed_at && formatTimestamp(row.last_observed_at),
    created_at: formatTimestamp(row.created_at),
    updated_at: formatTimestamp(row.updated_at),
  }
}

type StoreRow = Omit<typeof stores.$inferSelect, 'sub_chain_id' | 'described_by'> & {
  chain_name: string | null
}

export async function listStores(
  context: ReadContext,
  query: Static<typeof storeList.query>,
): Promise<Page<Store>> {
  const { db } = context
  const { q, city, chain, chain_id } = query
  const ids = await findStoreIds(context, { q, city, chain, chain_id })
  const where = ids === undefined ? db`true` : db`s.id = any(${ids}::int[])`
  const page = await readPage<StoreRow>(context, query, {
    name: 'stores',
    sorts: {
      id: { by: db`s.id`, type: 'integer' },
      name: { by: db`s.name`, type: 'text', nullable: true },
      city: { by: db`coalesce(s.city, t.name)`, type: 'text', nullable: true },
      chain_id: { by: db`s.chain_id`, type: 'text' },
      store_number: { by: db`s.store_number`, type: 'integer' },
      last_observed_at: { by: db`s.last_observed_at`, type: 'timestamptz', nullable: true },
    },
    order: ['id'],
    unique: ['id'],
    total: async () =>
      ids?.length ?? Number((await db`select count(*) from catalog.stores`)[0]?.count),
    rows: ({ keys, after, order, limit }) => db`
      select ${storeColumns(context)}, ${keys}
      from ${storeTables(context)}
      where ${where} ${after} order by ${order} ${limit}`,
  })
  return { ...page, rows: page.rows.map((row) => toStore(context, row)) }
}

/** @throws AppError STORE_NOT_FOUND */
export async function findStore(context: ReadContext, { id }: { id: number }): Promise<Store> {
  const store = (await findStoresById(context, [id])).get(id)
  if (store === undefined) throw notFound('STORE_NOT_FOUND', `store ${id}`)
  return store
}

export async function findStoresById(
  context: ReadContext,
  ids: readonly number[],
): Promise<Map<number, Store>> {
  const { db } = context
  const rows = await db<StoreRow[]>`
    select ${storeColumns(context)} from ${storeTables(context)}
    where s.id = any(${[...ids]}::int[])`
  return new Map(rows.map((row) => [row.id, toStore(context, row)]))
}

function storeTables({ db }: ReadContext) {
  return db`catalog.stores s join catalog.chains c on c.id = s.chain_id
    left join catalog.settlements t on t.code = s.city_code`
}

function storeColumns({ db }: ReadContext) {
  return db`s.id, s.store_number, s.chain_id, s.name, c.name as chain_name, s.sub_chain, s.store_type,
    coalesce(s.city, t.name) as city, s.city_code, s.address, s.zip, s.latitude, s.longitude, s.last_observed_at, s.created_at, s.updated_at`
}

function toStore({ generation: { staleBefore } }: ReadContext, row: StoreRow): Store {
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
    latitude: row.latitude === null ? null : Number(row.latitude),
    longitude: row.longitude === null ? null : Number(row.longitude),
    last_observed_at: seen && formatTimestamp(seen),
    stale: staleBefore !== null && (seen === null || seen < staleBefore),
    created_at: formatTimestamp(row.created_at),
    updated_at: formatTimestamp(row.updated_at),
  }
}
