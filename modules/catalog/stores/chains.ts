import { type Static, Type } from '@sinclair/typebox'
import { notFound } from '../../../src/http/contract/app-error.ts'
import { formatTimestamp } from '../../../src/http/contract/moment.ts'
import type { Page, PageQuery } from '../../../src/http/contract/page.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { itemRoute, listRoute } from '../../../src/http/contract/route.ts'
import { dateTime, nullable } from '../../../src/http/contract/value-schemas.ts'
import { readPage } from '../../../src/http/paging/paging.ts'
import { CHAINS } from '../reference/chains.ts'
import { chains } from '../tables.ts'
import { chainId } from './store-schemas.ts'

const chainSchema = Type.Object(
  {
    id: Type.String({ description: 'The chain’s 13-digit number.' }),
    name: nullable(
      Type.String({ description: 'By its own store files, or else by the register of chains.' }),
    ),
    english_name: nullable(Type.String()),
    site: nullable(Type.String({ format: 'uri' })),
    slugs: Type.Array(Type.String(), {
      description: 'The names of the chain’s files in the dataset.',
    }),
    store_count: Type.Integer(),
    last_observed_at: nullable(dateTime()),
    created_at: dateTime(),
    updated_at: dateTime(),
  },
  {
    title: 'Chain',
    example: {
      id: '7290027600007',
      name: 'שופרסל',
      english_name: 'Shufersal',
      site: 'https://www.shufersal.co.il',
      slugs: ['shufersal'],
      store_count: 42,
      last_observed_at: '2026-08-20T03:00:00+03:00',
      created_at: '2026-08-09T12:00:00+03:00',
      updated_at: '2026-08-20T12:00:00+03:00',
    },
  },
)
type Chain = Static<typeof chainSchema>

type ChainRow = Omit<typeof chains.$inferSelect, 'described_by'> & {
  store_count: number
  last_observed_at: Date | null
}

async function listChains(context: ReadContext, query: PageQuery): Promise<Page<Chain>> {
  const { db } = context
  const page = await readPage<ChainRow>(context, query, {
    name: 'chains',
    sorts: {
      id: { column: chains.id, alias: 'c' },
      name: { column: chains.name, alias: 'c' },
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
async function findChain(context: ReadContext, { id }: { id: string }): Promise<Chain> {
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
    english_name: CHAINS.get(row.id)?.english ?? null,
    site: CHAINS.get(row.id)?.site ?? null,
    slugs: row.slugs,
    store_count: row.store_count,
    last_observed_at: row.last_observed_at && formatTimestamp(row.last_observed_at),
    created_at: formatTimestamp(row.created_at),
    updated_at: formatTimestamp(row.updated_at),
  }
}

export const chainRoutes = [
  listRoute({
    path: '/v1/chains',
    operationId: 'listChains',
    summary: 'Chains',
    tag: 'stores',
    responseSchema: chainSchema,
    sorts: ['id', 'name'],
    handler: listChains,
  }),
  itemRoute({
    path: '/v1/chains/:id',
    operationId: 'getChain',
    summary: 'One chain',
    tag: 'stores',
    params: { id: chainId },
    responseSchema: chainSchema,
    errors: ['CHAIN_NOT_FOUND'],
    handler: findChain,
  }),
]
