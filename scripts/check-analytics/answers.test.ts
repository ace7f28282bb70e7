import { afterAll, beforeAll, expect, test } from 'bun:test'
import { pino } from 'pino'
import {
  type Bench,
  deltas,
  fullLists,
  item,
  openBench,
  type Source,
  storeFile,
} from '../../modules/ingestion/testing/ingest.ts'
import { createApp } from '../../src/app.ts'
import { readEnv } from '../../src/env.ts'
import { checks } from './checks.ts'

/**
 * Three chains of four stores with irregular lists: none on some days, several on others, deltas.
 */
let state = 7
function below(n: number): number {
  state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
  return Math.floor((state / 0x80000000) * n)
}
const CHAINS = ['7290000000017', '7290000000024', '7290000000031']
const CODES = Array.from({ length: 40 }, (_, i) => String(7290000170100 + i))

/** Changes a store's prices: some prices change, some products appear or disappear. */
function moveShelf(shelf: Map<string, number>): string[] {
  return CODES.filter((code) => {
    const [price, chance] = [shelf.get(code), below(10)]
    if (price === undefined ? chance > 3 : chance > 2) return false
    if (price !== undefined && chance === 0) shelf.delete(code)
    else shelf.set(code, Math.max(50, (price ?? 300 + below(2000)) + below(200) - 90))
    return true
  })
}

function inventDays(days: readonly number[]) {
  const [full, delta]: [Source[], Source[]] = [[], []]
  for (const chain of CHAINS) {
    for (let store = 1; store <= 4; store++) {
      const shelf = shelves.get(`${chain}/${store}`) ?? new Map<string, number>()
      shelves.set(`${chain}/${store}`, shelf)
      for (const day of days) {
        if (store === 4 && day > 10) continue
        for (let hour = below(8); hour < 24; hour += 1 + below(14)) {
          const moved = moveShelf(shelf)
          const at = `202608${String(day).padStart(2, '0')}${String(hour).padStart(2, '0')}${10 + below(40)}`
          const rows = (codes: Iterable<string>) =>
            [...codes].map((code) => item(code, ((shelf.get(code) ?? 0) / 100).toFixed(2)))
          if (below(3) === 0)
            delta.push({
              chain,
              store: String(store),
              at,
              rows: rows(moved.concat(CODES[below(40)] ?? '')),
            })
          else full.push({ chain, store: String(store), at, rows: rows(shelf.keys()) })
        }
      }
    }
  }
  return {
    'price_full_file_x.csv': fullLists(full.filter(({ rows }) => rows.length > 0)),
    'price_file_x.csv': deltas(delta.filter(({ rows }) => rows.length > 0)),
  }
}

const shelves = new Map<string, Map<string, number>>()
let bench: Bench
beforeAll(async () => {
  bench = await openBench()
  const [early, late] = [
    inventDays([1, 2, 3, 4, 5, 8, 9]),
    inventDays([10, 11, 13, 14, 15, 16, 18, 20]),
  ]
  const [city] = [
    storeFile(
      CHAINS.map((chain) => ({
        chain,
        at: '202608010000',
        rows: [{ city: 'חיפה', storename: 'א' }],
      })),
    ),
  ]
  await bench.load('late', { ...late, 'store_file_x.csv': city })
  await bench.load('early', early)
})
afterAll(() => bench.close())

test.each(checks)('responses equal a simple computation: $name', async ({ run }) => {
  const app = createApp({
    sql: bench.sql,
    log: pino({ level: 'silent' }),
    env: readEnv({ RATE_LIMIT: 'off', CACHE_MB: '0' }),
  })
  const ask = async (path: string, init?: RequestInit) =>
    app.handle(new Request(`http://localhost${path}`, init))
  const { compared, differences } = await run({ sql: bench.sql, ask })
  expect(differences).toEqual([])
  expect(compared).toBeGreaterThan(10)
})
