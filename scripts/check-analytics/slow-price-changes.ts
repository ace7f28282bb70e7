import type { PriceChange } from '../../modules/analytics/index.ts'
import { endOf, type SlowMarket } from './slow-market.ts'

export type SlowChange = Omit<PriceChange, 'product' | 'store'> & {
  product_id: number
  store_id: number | null
}

type Pair = { product: number; store: number; before: number; after: number }

/**
 * All changes between the ends of two days, product by product, from each store's price on both.
 */
export function slowPriceChanges(
  market: SlowMarket,
  {
    from,
    to,
    per = 'product',
    includeStale = false,
  }: { from: string; to: string; per?: string; includeStale?: boolean },
): SlowChange[] {
  const pairs = [...market.prices].flatMap(([store, ofStore]) => {
    const [seenFirst, seenLast] = [
      lastSeen(market, store, endOf(from)),
      lastSeen(market, store, endOf(to)),
    ]
    if (seenFirst === undefined || seenLast === undefined || seenLast < endOf(from)) return []
    if (
      !includeStale &&
      (isStale(market, seenFirst, endOf(from)) || isStale(market, seenLast, endOf(to)))
    )
      return []
    return [...ofStore.keys()].flatMap((product): Pair[] => {
      const [before, after] = [from, to].map((day) => market.unitPrice(store, product, day)?.shelf)
      return before === undefined || after === undefined ? [] : [{ product, store, before, after }]
    })
  })
  const groups = Map.groupBy(pairs, ({ product, store }) =>
    per === 'store' ? `${product}-${store}` : `${product}`,
  )
  return [...groups.values()].flatMap((group) => {
    if (group.every(({ before, after }) => before === after)) return []
    const sum = (of: (pair: Pair) => number) => group.reduce((total, pair) => total + of(pair), 0)
    const percents = group.map(({ before, after }) => percentOf(before, after))
    const product = group[0]?.product ?? 0
    const prices = currentPrices(market, { product, includeStale: false })
    const mean = prices.reduce((total, price) => total + price, 0) / prices.length
    const suspects = group.filter(({ before, after }) => {
      const isOffMarket =
        prices.length >= 2 && Math.max(ratio(before, mean), ratio(after, mean)) >= 3
      return ratio(before, after) >= (isOffMarket ? 3 : 5)
    }).length
    const [before, after] = [sum((pair) => pair.before), sum((pair) => pair.after)]
    const moved = group.filter((pair) => pair.before !== pair.after).length
    const sellers = Math.max(1, currentPrices(market, { product, includeStale }).length)
    const size = Math.floor(10_000 * ratio(before, after) + 0.5) - 10_000
    const reach = (moved * sellers) / ((moved + 2) * (sellers + 2))
    return [
      {
        product_id: product,
        store_id: per === 'store' ? (group[0]?.store ?? 0) : null,
        stores: group.length,
        from_price: Math.floor(before / group.length + 0.5) / 100,
        to_price: Math.floor(after / group.length + 0.5) / 100,
        percent: percentOf(before, after),
        least_percent: Math.min(...percents),
        most_percent: Math.max(...percents),
        rises: group.filter((pair) => pair.after > pair.before).length,
        drops: group.filter((pair) => pair.after < pair.before).length,
        impact: Math.floor(Number((size * reach).toFixed(6)) + 0.5) / 100,
        seller_count: sellers,
        single_store: sellers < 2,
        suspect_stores: suspects,
        suspect: suspects > 0,
        from_date: from,
        to_date: to,
      },
    ]
  })
}

function ratio(a: number, b: number): number {
  return Math.max(a, b) / Math.min(a, b)
}

/** The stores' prices of a product on the newest day. */
function currentPrices(
  { stores, unitPrice, today }: SlowMarket,
  { product, includeStale }: { product: number; includeStale: boolean },
): number[] {
  return [...stores].flatMap(([store, { stale }]) =>
    stale && !includeStale ? [] : (unitPrice(store, product, today)?.shelf ?? []),
  )
}

function lastSeen({ lists }: SlowMarket, store: number, until: number): number | undefined {
  return lists.get(store)?.findLast((at) => at < until)
}

function isStale(market: SlowMarket, seen: number, until: number): boolean {
  const newest = Math.max(
    ...[...market.stores.keys()].map((store) => lastSeen(market, store, until) ?? 0),
  )
  return seen < newest - market.freshFor
}

function percentOf(before: number, after: number): number {
  return Math.floor((10_000 * (after - before)) / before + 0.5) / 100
}
