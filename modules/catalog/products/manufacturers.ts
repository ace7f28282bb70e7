import { type Static, Type } from '@sinclair/typebox'
import type { Page } from '../../../src/http/contract/page.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { type ListInput, listRoute } from '../../../src/http/contract/route.ts'
import { text } from '../../../src/http/contract/value-schemas.ts'
import { readPage } from '../../../src/http/paging/paging.ts'

const manufacturerSchema = Type.Object(
  { manufacturer: Type.String(), product_count: Type.Integer() },
  { title: 'Manufacturer', example: { manufacturer: 'תנובה', product_count: 812 } },
)
type Manufacturer = Static<typeof manufacturerSchema>

const manufacturersQuery = { q: Type.Optional(text('תנובה', 'A part of the name.')) }

async function listManufacturers(
  context: ReadContext,
  query: ListInput<typeof manufacturersQuery>,
): Promise<Page<Manufacturer>> {
  const { db } = context
  const where =
    query.q === undefined
      ? db`true`
      : db`p.manufacturer ilike ${`%${query.q.replace(/[\\%_]/g, '\\$&')}%`}`
  const grouped = db`
    select p.manufacturer, count(*)::int as product_count from catalog.products p
    where p.manufacturer is not null and ${where} group by p.manufacturer`
  const page = await readPage<Manufacturer>(context, query, {
    name: 'manufacturers',
    sorts: {
      product_count: { by: db`m.product_count`, type: 'integer' },
      manufacturer: { by: db`m.manufacturer`, type: 'text' },
    },
    order: ['product_count:desc'],
    unique: ['manufacturer'],
    total: async () => Number((await db`select count(*) from (${grouped}) m`)[0]?.count),
    rows: ({ keys, after, order, limit }) => db`
      select m.manufacturer, m.product_count, ${keys} from (${grouped}) m where true ${after} order by ${order} ${limit}`,
  })
  return {
    ...page,
    rows: page.rows.map(({ manufacturer, product_count }) => ({ manufacturer, product_count })),
  }
}

export const manufacturerRoutes = [
  listRoute({
    path: '/v1/products/manufacturers',
    operationId: 'listManufacturers',
    summary: 'Manufacturers',
    tag: 'products',
    query: manufacturersQuery,
    responseSchema: manufacturerSchema,
    sorts: ['product_count', 'manufacturer'],
    handler: listManufacturers,
  }),
]
