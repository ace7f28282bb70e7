import { type Static, Type } from '@sinclair/typebox'
import { formatTimestamp } from '../../../src/http/contract/moment.ts'
import type { Page } from '../../../src/http/contract/page.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { type ListInput, listRoute } from '../../../src/http/contract/route.ts'
import { dateTime, moment, nullable } from '../../../src/http/contract/value-schemas.ts'
import { all } from '../../../src/http/paging/conditions.ts'
import { readPage } from '../../../src/http/paging/paging.ts'
import { israelDate } from '../../../src/israel-time.ts'
import { chainId } from '../../catalog/index.ts'
import { coverage } from '../tables.ts'
import { readTimeWindow } from './time-window.ts'

const coverageSchema = Type.Object(
  {
    chain_id: Type.String(),
    chain: nullable(Type.String()),
    observation_date: Type.String({ format: 'date', description: 'The day in Israel.' }),
    stores: Type.Integer({
      description: 'Stores with a list of that day, of prices or of promotions.',
    }),
    full_stores: Type.Integer({ description: 'Stores with a complete price list of that day.' }),
    items: Type.Integer({
      description: 'Rows of the day’s last full list of each store, added up.',
    }),
    full_lists: Type.Integer({ description: 'Complete price lists.' }),
    delta_lists: Type.Integer({ description: 'Lists of changed prices.' }),
    promotions: Type.Integer({
      description: 'Rows of the day’s last complete list of promotions of each store, added up.',
    }),
    promotion_lists: Type.Integer({
      description: 'Lists of promotions, complete ones and changes.',
    }),
    last_list_at: dateTime(),
  },
  {
    title: 'Coverage',
    example: {
      chain_id: '7290027600007',
      chain: 'שופרסל',
      observation_date: '2026-08-20',
      stores: 301,
      full_stores: 299,
      items: 3_512_004,
      full_lists: 602,
      delta_lists: 4120,
      promotions: 640_318,
      promotion_lists: 1203,
      last_list_at: '2026-08-20T22:10:00+03:00',
    },
  },
)
type Coverage = Static<typeof coverageSchema>

const coverageQuery = {
  chain_id: Type.Optional(chainId),
  from: Type.Optional(
    moment(
      '2026-08-10',
      'The day of this moment or later ones; Israel time unless it carries an offset.',
    ),
  ),
  to: Type.Optional(
    moment('2026-08-20', 'Days that begin before this moment; a date alone is that day too.'),
  ),
}

type CoverageRow = typeof coverage.$inferSelect & { chain: string | null }

async function listCoverage(
  context: ReadContext,
  query: ListInput<typeof coverageQuery>,
): Promise<Page<Coverage>> {
  const { db } = context
  const window = readTimeWindow(query)
  const { from, to } = 'from' in window || 'to' in window ? window : {}
  const where = all(context, [
    query.chain_id !== undefined && db`v.chain_id = ${query.chain_id}`,
    from !== undefined && db`v.day >= ${israelDate(from.getTime())}::date`,
    to !== undefined && db`v.day <= ${israelDate(to.getTime() - 1)}::date`,
  ])
  const page = await readPage<CoverageRow>(context, query, {
    name: 'coverage',
    sorts: {
      observation_date: { column: coverage.day, alias: 'v' },
      chain_id: { column: coverage.chain_id, alias: 'v' },
      stores: { column: coverage.stores, alias: 'v' },
      items: { column: coverage.items, alias: 'v' },
      promotions: { column: coverage.promotions, alias: 'v' },
    },
    order: ['observation_date:desc', 'chain_id'],
    unique: ['observation_date', 'chain_id'],
    total: async () =>
      Number((await db`select count(*) from pricing.coverage v where ${where}`)[0]?.count),
    rows: ({ keys, after, order, limit }) => db`
      select v.*, v.day::text as day, c.name as chain, ${keys}
      from pricing.coverage v join catalog.chains c on c.id = v.chain_id
      where ${where} ${after} order by ${order} ${limit}`,
  })
  return { ...page, rows: page.rows.map(toCoverage) }
}

function toCoverage(row: CoverageRow): Coverage {
  return {
    chain_id: row.chain_id,
    chain: row.chain,
    observation_date: row.day,
    stores: row.stores,
    full_stores: row.full_stores,
    items: row.items,
    full_lists: row.full_lists,
    delta_lists: row.delta_lists,
    promotions: row.promotions,
    promotion_lists: row.promotion_lists,
    last_list_at: formatTimestamp(row.last_list_at),
  }
}

export const coverageRoutes = [
  listRoute({
    path: '/v1/metadata/coverage',
    operationId: 'listCoverage',
    summary: 'What was seen of each chain on each day',
    description: 'Newest day first.',
    tag: 'metadata',
    query: coverageQuery,
    responseSchema: coverageSchema,
    sorts: ['observation_date', 'chain_id', 'stores', 'items', 'promotions'],
    handler: listCoverage,
  }),
]
