/** What a store's prices relative to the market's add up to: how many, their logarithms, and the squares of these. */
export type Level = { products: number; logs: number; squares: number }

/** The bounds of 95% of a normal distribution, in standard deviations. */
const Z = 1.96

/** The geometric mean of a store's relative prices in percent, with its confidence interval, to two decimals. */
export function priceIndex({ products, logs, squares }: Level) {
  const mean = logs / products
  const variance = Math.max(0, squares - products * mean * mean) / (products - 1)
  const reach = Z * Math.sqrt(variance / products)
  return {
    index: products === 0 ? null : percent(mean),
    interval: products < 2 ? null : { low: percent(mean - reach), high: percent(mean + reach) },
  }
}

function percent(logarithm: number): number {
  return Math.round(Math.exp(logarithm) * 10_000) / 100
}
