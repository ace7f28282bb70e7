import { type Static, Type } from '@sinclair/typebox'
import type { Page, PageQuery } from '../../../src/http/contract/page.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { listRoute } from '../../../src/http/contract/route.ts'
import { readPage } from '../../../src/http/paging/paging.ts'

const categorySchema = Type.Object(
  {
    category: Type.String(),
    product_count: Type.Integer(),
    subcategories: Type.Array(
      Type.Object({ subcategory: Type.String(), product_count: Type.Integer() }),
    ),
  },
  {
    title: 'Category',
    example: {
      category: 'Dairy',
      product_count: 1723,
      subcategories: [{ subcategory: 'Milk', product_count: 112 }],
    },
  },
)
type CategoryCount = Static<typeof categorySchema>

async function listCategories(
  context: ReadContext,
  query: PageQuery,
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

export const categoryRoutes = [
  listRoute({
    path: '/v1/products/categories',
    operationId: 'listCategories',
    summary: 'Categories of products',
    description: 'Read from the names by a table of rules; the dataset has none.',
    tag: 'products',
    responseSchema: categorySchema,
    sorts: ['product_count', 'category'],
    handler: listCategories,
  }),
]
