import { meanShekels, shekels } from '../../../src/http/contract/money.ts'

/** Summary statistics in shekels; `ascending` are prices in agorot, at least one. */
export function priceRange(ascending: readonly number[]) {
  const count = ascending.length
  const [min = 0, max = 0] = [ascending[0], ascending[count - 1]]
  const [low = 0, high = 0] = [ascending[(count - 1) >> 1], ascending[count >> 1]]
  return {
    min: shekels(min),
    max: shekels(max),
    mean: meanShekels(
      ascending.reduce((sum, agorot) => sum + agorot, 0),
      count,
    ),
    median: meanShekels(low + high, 2),
    spread: shekels(max - min),
    spread_percent: Math.round(((max - min) * 10_000) / min) / 100,
  }
}

/** Competition ranks (1, 1, 3), in the order of the input. */
export function computeRanks(prices: readonly number[]): number[] {
  const first = new Map<number, number>()
  const ascending = prices.toSorted((a, b) => a - b)
  for (const [i, price] of ascending.entries()) if (!first.has(price)) first.set(price, i + 1)
  return prices.map((price) => first.get(price) ?? 0)
}
