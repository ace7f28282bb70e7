import type { Static } from '@sinclair/typebox'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { type Page, readPage } from '../../../src/http/paging/paging.ts'
import type { manufacturerList } from '../schemas.ts'
import type { Manufacturer } from '../shapes.ts'

export async function listManufacturers(
  context: ReadContext,
  query: Static<typeof manufacturerList.query>,
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
