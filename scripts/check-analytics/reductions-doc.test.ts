import { afterAll, beforeAll, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import type { Deal, PriceChange } from '../../modules/analytics/index.ts'
import { type Bench, openBench } from '../../modules/ingestion/testing/ingest.ts'
import { createApp } from '../../src/app.ts'
import { createKey } from '../../src/auth/keys.ts'
import { readEnv } from '../../src/env.ts'
import { daysBefore } from './slow-market.ts'
import { filesOf, type PriceRecord } from './testing/source-data.ts'

/** Prices in shekels by the number of days before today: `89-1`, `0`. */
type Days = Record<string, number | { shelf: number; sale: number }>
type DealExample = { days: Days; elsewhere: number; deal: Partial<Deal> | null }
type CustomExample = {
  rows: Record<string, Record<string, number>>
  query: object
  answer: object[]
}
type ChangeExample = { stores: Days[]; change: Partial<PriceChange> }

const TODAY = '2026-08-20'
const text = readFileSync(
  fileURLToPath(new URL('../../docs/analytics.md', import.meta.url).href),
  'utf8',
)

function examplesOf<T>(title: string): T[] {
  const section = text.split(/^## /m).find((part) => part.startsWith(`${title}\n`)) ?? ''
  return [...section.matchAll(/```json\n(.*?)```/gs)].map(([, json = '']) => JSON.parse(json))
}

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.close())

function recordsOn(days: Days, record: Omit<PriceRecord, 'day' | 'shelf'>): PriceRecord[] {
  return Object.entries(days).flatMap(([range, price]) => {
    const [from = 0, to = from] = range.split('-').map(Number)
    const prices = typeof price === 'number' ? { shelf: price } : price
    return Array.from({ length: from - to + 1 }, (_, i) => ({
      ...record,
      ...prices,
      day: daysBefore(TODAY, to + i),
    }))
  })
}

async function answer<T>(records: PriceRecord[], path: string, init?: RequestInit): Promise<T[]> {
  await bench.empty()
  expect((await bench.load('2026-08-20', filesOf(records))).errors).toEqual([])
  const app = createApp({ sql: bench.sql, log: pino({ level: 'silent' }), env: readEnv({}) })
  return JSON.parse(
    await (await app.handle(new Request(`http://localhost/v1/analytics/${path}`, init))).text(),
  ).data
}

test('the examples of deals in docs/analytics.md are right', async () => {
  const examples = examplesOf<DealExample>('Deals')
  expect(examples.length).toBe(3)
  for (const { days, elsewhere, deal } of examples) {
    const others = recordsOn({ 0: elsewhere }, { chain: '7290000000024' })
    const deals = await answer<Deal>([...recordsOn(days, {}), ...others], 'deals')
    expect(deals).toMatchObject(deal === null ? [] : [deal])
  }
})

test('the examples of price changes in docs/analytics.md are right', async () => {
  const examples = examplesOf<ChangeExample>('Price changes')
  expect(examples.length).toBe(2)
  for (const { stores, change } of examples) {
    const records = stores.flatMap((days, i) => recordsOn(days, { store: `${i + 1}` }))
    expect(await answer<PriceChange>(records, 'price-changes')).toMatchObject([change] as never)
  }
})

test('the example of a custom query in docs/analytics.md is right', async () => {
  const [example, ...more] = examplesOf<CustomExample>('Custom queries')
  expect(more).toEqual([])
  const records = Object.values(example?.rows ?? {}).flatMap((days, i) =>
    Object.entries(days).map(([day, shelf]) => ({ store: `${i + 1}`, day, shelf })),
  )
  const now = new Date()
  const { text: key } = await createKey(bench.sql, {
    name: 'docs',
    role: 'analyst',
    expiresAt: null,
    now,
  })
  const headers = { 'content-type': 'application/json', 'x-api-key': key }
  const body = JSON.stringify({ from: '2026-08-01', ...example?.query })
  expect(await answer(records, 'custom-query', { method: 'POST', headers, body })).toEqual(
    example?.answer ?? [],
  )
})
