import type { Sql } from '../../src/db/connect.ts'

/** A request with varying parameters, and its limit for p95 in milliseconds. */
export type Question = { name: string; limit: number; requests(sql: Sql): Promise<Asked[]> }
export type Asked = { path: string; init?: RequestInit }

export const questions: Question[] = [
  {
    name: 'comparison',
    limit: 20,
    async requests(sql) {
      const products = await sql<
        { id: number }[]
      >`select id from catalog.products order by store_count desc limit 200`
      return products.map(({ id }) => ({ path: `/v1/analytics/price-comparison?product_id=${id}` }))
    },
  },
  {
    name: 'cheapest-stores',
    limit: 100,
    async requests(sql) {
      const [city] = await sql<{ name: string }[]>`
        select coalesce(city, city_code) as name from catalog.stores where coalesce(city, city_code) is not null
        group by 1 order by count(*) desc, 1 limit 1`
      return [
        {
          path: `/v1/analytics/cheapest-stores?city=${encodeURIComponent(city?.name ?? '')}&per_page=100`,
        },
      ]
    },
  },
  {
    name: 'basket-cost',
    limit: 150,
    async requests(sql) {
      const products = await sql<{ id: number }[]>`
        select id from catalog.products where store_count >= (select max(store_count) / 4 from catalog.products)
        order by md5(id::text) limit 2000`
      const headers = { 'content-type': 'application/json' }
      return Array.from({ length: Math.ceil(products.length / 40) }, (_, i) => {
        const items = products
          .slice(40 * i, 40 * i + 40)
          .map(({ id }, n) => ({ product_id: id, quantity: 1 + (n % 3) }))
        const body = JSON.stringify({ items, clubs: ['1', '2'] })
        return { path: '/v1/analytics/basket-cost', init: { method: 'POST', headers, body } }
      })
    },
  },
  {
    name: 'trends',
    limit: 300,
    async requests(sql) {
      const categories = await sql<{ category: string }[]>`
        select category from catalog.products where category is not null group by 1 order by sum(all_store_count) desc limit 3`
      return categories.map(({ category }) => ({
        path: `/v1/analytics/trends?category=${encodeURIComponent(category)}`,
      }))
    },
  },
  {
    name: 'deals',
    limit: 300,
    async requests(sql) {
      const chains = await sql<{ id: string }[]>`select id from catalog.chains order by id`
      const paths = ['', ...chains.map(({ id }) => `&chain_id=${id}`)]
      return paths.map((filter) => ({ path: `/v1/analytics/deals?min_score=5${filter}` }))
    },
  },
  {
    name: 'price-changes',
    limit: 1000,
    async requests() {
      return [1, 7].map((days) => ({ path: `/v1/analytics/price-changes?days=${days}` }))
    },
  },
]
