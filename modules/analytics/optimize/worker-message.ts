import type { BasketLine, Promotion, Shopper } from '../../pricing/index.ts'
import type { Instance } from './instance.ts'
import type { Optimum } from './optimize-basket.ts'

/**
 * An instance as a message. Prices are arrays by line index (0: not sold), because structured
 * clones of maps of objects are slow.
 */
export type Job = {
  lines: readonly BasketLine[]
  weighted: boolean[]
  stores: { agorot: Int32Array; promotions: readonly Promotion[]; shopper: Shopper }[]
  maxStores: number
  visitAgorot: number
  limitMs: number
}

export type Answer = { optimum: Optimum } | { tooHard: true } | { failed: string }

export function toJob({ lines, stores, maxStores, visitAgorot }: Instance, limitMs: number): Job {
  const sold = stores.flatMap(({ prices }) => [...prices])
  const byProduct = new Map(sold.map(([id, { isWeighted }]) => [id, isWeighted]))
  return {
    lines,
    weighted: lines.map(({ productId }) => byProduct.get(productId) === true),
    stores: stores.map(({ prices, promotions, shopper }) => ({
      agorot: Int32Array.from(lines, ({ productId }) => prices.get(productId)?.agorot ?? 0),
      promotions,
      shopper,
    })),
    maxStores,
    visitAgorot,
    limitMs,
  }
}
