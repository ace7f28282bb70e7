import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { countPrice, isOutlier, type Median, priceCounts, suspects } from './price-counts.ts'

function median(prices: number[]): number {
  const sorted = prices.toSorted((a, b) => a - b)
  const at = (sorted.length - 1) / 2
  return ((sorted[Math.floor(at)] ?? 0) + (sorted[Math.ceil(at)] ?? 0)) / 2
}

test('exactly three times or a third of the median is no outlier, nor is a product with few prices', () => {
  const medianFrom = (prices: number) => ({ agorot: 300, prices })
  expect([900, 901, 100, 99].map((agorot) => isOutlier(agorot, medianFrom(5)))).toEqual([
    false,
    true,
    false,
    true,
  ])
  expect(isOutlier(5000, medianFrom(4))).toBe(false)
})

test('products with outliers and their medians equal those of a simple count', () => {
  const price = fc.tuple(
    fc.integer({ min: 1, max: 30 }),
    fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 1_000_000_000 })),
    fc.integer({ min: 1, max: 3 }),
  )
  fc.assert(
    fc.property(fc.array(price, { maxLength: 300 }), (all) => {
      const counts = priceCounts()
      for (const [product, agorot, times] of all)
        countPrice(counts, product * 70_000, agorot, times)
      const naive = new Map<number, number[]>()
      for (const [product, agorot, times] of all) {
        if (agorot === 0) continue
        naive.set(product * 70_000, [
          ...(naive.get(product * 70_000) ?? []),
          ...Array(times).fill(agorot),
        ])
      }
      const expected = [...naive].flatMap(([product, prices]): [number, Median][] => {
        const about = { agorot: median(prices), prices: prices.length }
        return prices.some((agorot) => isOutlier(agorot, about)) ? [[product, about]] : []
      })
      expect([...suspects(counts)]).toEqual(expected.sort(([a], [b]) => a - b))
    }),
  )
})

test('all of many different prices are counted', () => {
  const counts = priceCounts()
  for (let i = 1; i <= 200_000; i++) countPrice(counts, 1 + (i % 50_000), i)
  expect(counts.size).toBe(200_000)
  for (let i = 1; i <= 200_000; i++) countPrice(counts, 1 + (i % 50_000), i)
  expect(counts.size).toBe(200_000)
})
