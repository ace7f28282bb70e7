/** A store's prices relative to the market: their count, sum of logarithms, and sum of squares. */
export type Level = { products: number; logs: number; squares: number }

/** Standard deviations around the mean that hold 95% of a normal distribution. */
const Z = 1.96

/** The geometric mean of a store's relative prices in percent, with its 95% confidence interval. */
export function priceIndex({ products, logs, squares }: Level) {
  const mean = logs / products
  const variance = Math.max(0, squares - products * mean * mean) / (products - 1)
  const margin = Z * Math.sqrt(variance / products)
  return {
    index: products === 0 ? null : percent(mean),
    interval: products < 2 ? null : { low: percent(mean - margin), high: percent(mean + margin) },
  }
}

function percent(logarithm: number): number {
  return Math.round(Math.exp(logarithm) * 10_000) / 100
}
