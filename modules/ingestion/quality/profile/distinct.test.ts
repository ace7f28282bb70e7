import { expect, test } from 'bun:test'
import { cellState, takeCell } from '../../files/cell-state.ts'
import { type CsvRow, readCsv } from '../../files/csv-rows.ts'
import { countValue, distinctCount, distinctCounter, EXACT_VALUES } from './distinct.ts'

/** Counts texts like a profile, by the hashes of their cells. */
async function count(texts: Iterable<string>) {
  const counter = distinctCounter()
  const state = cellState(0, true)
  await readCsv(chunksOf(texts), {
    onRow(row: CsvRow) {
      takeCell(state, row)
      countValue(counter, state.hash, state.hash2, () =>
        state.bytes.toString('utf8', 0, state.length),
      )
      return undefined
    },
  })
  return { ...distinctCount(counter), samples: counter.samples.map(({ text }) => text) }
}

async function* chunksOf(texts: Iterable<string>): AsyncGenerator<Uint8Array> {
  let lines: string[] = []
  for (const text of texts) {
    if (lines.push(text) < 10_000) continue
    yield Buffer.from(`${lines.join('\n')}\n`)
    lines = []
  }
  yield Buffer.from(`${lines.join('\n')}\n`)
}

const codes = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `72900000${from + i}`)

test('distinct values up to the limit are counted exactly, however often they occur', async () => {
  expect(await count(['a', 'b', 'a', 'ב', 'a'])).toMatchObject({ count: 3, exact: true })
  const all = codes(0, EXACT_VALUES)
  expect(await count([...all, ...all])).toMatchObject({ count: EXACT_VALUES, exact: true })
})

test('above the limit the estimate of distinct values is within 3%, for any form of values', async () => {
  const prices = Array.from({ length: 30_000 }, (_, i) => (i / 100).toFixed(2))
  const names = Array.from({ length: 12_000 }, (_, i) => `מוצר ${'א'.repeat(i % 7)} ${i}`)
  for (const [texts, truth] of [
    [codes(0, EXACT_VALUES + 1), EXACT_VALUES + 1],
    [codes(0, 60_000), 60_000],
    [codes(0, 400_000), 400_000],
    [prices, 30_000],
    [names, 12_000],
  ] as const) {
    const { count: estimate, exact } = await count(texts)
    expect(exact).toBe(false)
    expect(Math.abs(estimate / truth - 1)).toBeLessThan(0.03)
  }
})

test('the order of values changes neither the distinct count nor the samples', async () => {
  const texts = codes(0, 15_000)
  const counted = await count(texts)
  expect(await count(texts.toReversed())).toEqual(counted)
  expect(counted.samples).toHaveLength(5)
  expect(new Set(counted.samples).size).toBe(5)
})
