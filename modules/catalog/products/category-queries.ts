import type { Static } from '@sinclair/typebox'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { type Page, readPage } from '../../../src/http/paging/paging.ts'
import type { categoryList } from '../schemas.ts'
import type { CategoryCount } from '../shapes.ts'

export async function listCategories(
  context: ReadContext,
  query: Static<typeof categoryList.query>,
): Promise<Page<CategoryCount>> {
  const { db } = context
  const grouped = db`
    select category, sum(products)::int as product_count,
      coalesce(json_agg(json_build_object('subcategory', subcategory, 'product_count', products)
        order by products desc, subcategory) filter (where subcategory is not null), '[]') as subcategories
    from (select category, subcategory, count(*) as products from catalog.products p
      where category is not null group by category, subcategory) of
    group by category`
  const page = await readPage<CategoryCount>(context, query, {
    name: 'categories',
    sorts: {
      product_count: { by: db`c.product_count`, type: 'integer' },
      category: { by: db`c.category`, type: 'text' },
    },
    order: ['product_count:desc'],
    unique: ['category'],
    total: async () => Number((await db`select count(*) from (${grouped}) c`)[0]?.count),
    rows: ({ keys, after, order, limit }) => db`
      select c.category, c.product_count, c.subcategories, ${keys} from (${grouped}) c
      where true ${after} order by ${order} ${limit}`,
  })
  return {
    ...page,
    rows: page.rows.map(({ category, product_count, subcategories }) => ({
      category,
      product_count,
      subcategories,
    })),
  }
}
