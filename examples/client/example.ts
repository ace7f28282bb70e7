/**
 * A typed client: the compiler checks every path, parameter and response against the API's OpenAPI
 * document.
 *
 * npx openapi-typescript http://localhost:3000/docs/json -o api.d.ts npm install openapi-fetch bun
 * example.ts חלב
 */
import createClient from 'openapi-fetch'
import type { paths } from './api.d.ts'

type Client = ReturnType<typeof createClient<paths, 'application/json'>>

/**
 * Describes where the first product that matches the words is cheapest now: `5.9 ₪ in שלי ירושלים:
 * חלב 3% 1 ליטר`.
 */
export async function describeCheapest(client: Client, words: string): Promise<string> {
  const found = await client.GET('/v1/products/search', {
    params: { query: { q: words, per_page: 1 } },
  })
  const product = found.data?.data[0]
  if (product === undefined) return found.error?.error.message ?? `Nobody sells ${words}`
  const sold = await client.GET('/v1/products/{id}/stores', {
    params: { path: { id: product.id }, query: { sort: ['price:asc'], per_page: 1 } },
  })
  const cheapest = sold.data?.data[0]
  if (cheapest === undefined) return `Nobody sells ${product.product_name} now`
  return `${cheapest.price} ₪ in ${cheapest.store_name}: ${product.product_name}`
}

if (import.meta.main) {
  const client = createClient<paths, 'application/json'>({
    baseUrl: process.env.URL ?? 'http://localhost:3000',
  })
  console.log(await describeCheapest(client, process.argv[2] ?? 'חלב'))
}
