import { expect, test } from 'bun:test'
import fc from 'fast-check'
import {
  compareLists,
  emptySpans,
  NEVER,
  type PlacedList,
  placeList,
  type SpanList,
  type Spans,
} from './spans.ts'

type Observation = { moment: number; full: boolean; file: number; prices: Map<number, number> }

/** A simple reference model: the state after every moment, day by day, product by product. */
function modelSpans(observations: Observation[]): string[] {
  const lists = observations.map(toList).sort(compareLists)
  const moments = [...new Set(lists.map((list) => list.moment))]
  let state = new Map<number, { agorot: number; list: number }>()
  const open = new Map<number, { from: number; agorot: number; list: number }>()
  const spans: string[] = []
  for (const moment of moments) {
    for (const list of lists.filter((one) => one.moment === moment)) {
      if (list.full) state = new Map()
      list.keys.forEach((product, i) => {
        state.delete(product)
        const agorot = list.values[i] as number
        if (agorot > 0) state.set(product, { agorot, list: list.id })
      })
    }
    for (const [product, span] of open) {
      if (state.get(product)?.agorot === span.agorot) continue
      spans.push(show(product, span.from, moment, span.agorot, span.list))
      open.delete(product)
    }
    for (const [product, { agorot, list }] of state) {
      if (!open.has(product)) open.set(product, { from: moment, agorot, list })
    }
  }
  for (const [product, span] of open)
    spans.push(show(product, span.from, NEVER, span.agorot, span.list))
  return spans.sort()
}

function show(product: number, from: number, to: number, agorot: number, list: number): string {
  return `${product} [${from}, ${to}) ${agorot} by ${list}`
}

function toList(observation: Observation, id: number): SpanList {
  const products = [...observation.prices.keys()].sort((a, b) => a - b)
  return {
    id,
    moment: observation.moment,
    full: observation.full,
    fileName: `file${observation.file}`,
    digest: String(id).padStart(4, '0'),
    keys: Int32Array.from(products),
    values: Int32Array.from(products, (product) => observation.prices.get(product) as number),
  }
}

function placeAll(lists: SpanList[]): Spans {
  let spans = emptySpans(0)
  let spare = emptySpans(0)
  const placed: PlacedList[] = []
  for (const list of lists) {
    const others = placed.filter((one) => one.moment >= list.moment).sort(compareLists)
    placeList(spans, list, others, spare)
    ;[spans, spare] = [spare, spans]
    placed.push({ ...list, keys: list.full ? null : list.keys })
  }
  return spans
}

function shown(spans: Spans): string[] {
  const rows: string[] = []
  for (let i = 0; i < spans.size; i++) {
    const [product, from, to, agorot, list] = [
      spans.key,
      spans.from,
      spans.to,
      spans.value,
      spans.list,
    ].map((column) => column[i] as number) as [number, number, number, number, number]
    rows.push(show(product, from, to, agorot, list))
  }
  return rows.sort()
}

const observation = fc.record({
  moment: fc.integer({ min: 1, max: 8 }),
  full: fc.boolean(),
  file: fc.integer({ min: 0, max: 2 }),
  prices: fc
    .array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 3 })), {
      maxLength: 6,
    })
    .map((entries) => new Map(entries)),
})

test('random lists in random order give the spans of the reference model', () => {
  fc.assert(
    fc.property(
      fc
        .array(observation, { maxLength: 12 })
        .chain((all) => fc.tuple(fc.constant(all), shuffled(all.length))),
      ([observations, order]) => {
        const lists = observations.map(toList)
        expect(shown(placeAll(order.map((i) => lists[i] as SpanList)))).toEqual(
          modelSpans(observations),
        )
      },
    ),
    { numRuns: 3000 },
  )
})

test('placing a list again changes nothing', () => {
  fc.assert(
    fc.property(
      fc.array(observation, { minLength: 1, maxLength: 8 }),
      fc.nat(),
      (observations, pick) => {
        const lists = observations.map(toList)
        const spans = placeAll(lists)
        const again = lists[pick % lists.length] as SpanList
        const others = lists
          .filter((list) => list !== again && list.moment >= again.moment)
          .sort(compareLists)
          .map((list) => ({ ...list, keys: list.full ? null : list.keys }))
        const out = emptySpans(0)
        placeList(spans, again, others, out)
        expect(shown(out)).toEqual(shown(spans))
      },
    ),
    { numRuns: 1000 },
  )
})

function shuffled(length: number): fc.Arbitrary<number[]> {
  return fc.shuffledSubarray(
    Array.from({ length }, (_, i) => i),
    { minLength: length, maxLength: length },
  )
}
