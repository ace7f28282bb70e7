/**
 * DATABASE_URL=… bun scripts/bench/basket-api.ts [--seconds N]
 *
 * Asks a server of its own, over a loaded database: baskets of 40 products in all stores, four at a
 * time, and the best plans with three stores, one at a time, while another asks for a product. No
 * two questions are the same. Exits with 1 when one of the bounds is not kept.
 */
import { spawn } from 'node:child_process'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { connect } from '../../src/db/connect.ts'

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '10' } } })
const { DATABASE_URL = '' } = process.env
const LINES = 40
const PORT = 3907
const BASE = `http://127.0.0.1:${PORT}/v1`

type Product = { id: number; is_weighted: boolean }

async function readProducts(): Promise<Product[]> {
  const sql = connect(DATABASE_URL, { max: 1 })
  const products = await sql<Product[]>`
    select id, is_weighted from catalog.products
    where store_count >= (select max(store_count) / 4 from catalog.products) order by md5(id::text)`
  await sql.end()
  return products
}

/** A different basket for each number. */
function basketOf(products: readonly Product[], nth: number) {
  const items = Array.from({ length: LINES }, (_, i) => {
    const { id, is_weighted } = products[(nth * 7919 + i * 104_729) % products.length] as Product
    return { product_id: id, quantity: is_weighted ? 0.5 + (i % 3) : 1 + (i % 3) }
  })
  return { items, clubs: ['1', '2'] }
}

async function ask(path: string, body?: object): Promise<number> {
  const since = performance.now()
  const headers = { 'content-type': 'application/json' }
  const init = body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) }
  const response = await fetch(`${BASE}${path}`, init)
  const text = await response.text()
  if (response.status !== 200) throw new Error(`Cannot ask ${path}: ${text}`)
  return performance.now() - since
}

/**
 * Asks again and again, `width` at a time, until `until`; tells the milliseconds of each answer.
 */
async function repeat(
  width: number,
  until: number,
  one: (nth: number) => Promise<number>,
): Promise<number[]> {
  const took: number[] = []
  let nth = 0
  const work = async () => {
    while (performance.now() < until) took.push(await one(nth++))
  }
  await Promise.all(Array.from({ length: width }, work))
  return took
}

function tell(name: string, took: number[], bound: number): boolean {
  took.sort((a, b) => a - b)
  const at = (share: number) => took[Math.floor(share * (took.length - 1))] as number
  const [median, p95, most] = [at(0.5), at(0.95), at(1)].map((ms) => ms.toFixed(1))
  console.log(
    `${name}: ${took.length} answers, ms: median ${median}, p95 ${p95}, most ${most} (p95 bound ${bound})`,
  )
  return at(0.95) < bound
}

async function started(): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const isReady = await fetch(`http://127.0.0.1:${PORT}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('Cannot measure: the server does not start')
}

const products = await readProducts()
const env = {
  ...process.env,
  PORT: String(PORT),
  RATE_LIMIT: 'off',
  CACHE_MB: '0',
  SAMPLE_DATA: 'off',
  LOG_LEVEL: 'warn',
}
const server = spawn(process.execPath, ['src/main.ts', 'serve'], { env, stdio: 'inherit' })
try {
  await started()
  const spanMs = Number(values.seconds) * 1000
  const cost = (nth: number) => ask('/analytics/basket-cost', basketOf(products, nth))
  const optimum = (nth: number) => {
    return ask('/analytics/basket-optimize', {
      ...basketOf(products, nth),
      max_stores: 3,
      visit_cost: 10,
    })
  }
  for (let nth = 0; nth < 5; nth++) await Promise.all([cost(1e6 + nth), optimum(1e6 + nth)])
  const costs = await repeat(4, performance.now() + spanMs, cost)
  const until = performance.now() + spanMs
  const [optima, others] = await Promise.all([
    repeat(1, until, optimum),
    repeat(1, until, (nth) => ask(`/products/${products[nth % products.length]?.id}`)),
  ])
  const kept = [
    tell(`${LINES} products in all stores, 4 at a time`, costs, 150),
    tell('the best plans with 3 stores, one at a time', optima, 500),
    tell('a product meanwhile', others, 50),
  ]
  process.exitCode = kept.every(Boolean) ? 0 : 1
} finally {
  server.kill()
}
