import { daysBefore, median, type SlowMarket } from './slow-market.ts'

export type SlowDeal = {
  product_id: number
  store_id: number
  chain_id: string
  stores: number
  score: number
  percent: number
  price: number
  reference: number
}

/** Every deal of the newest day by its definition in docs/analytics.md: day by day, store by store, in shekels. */
export function slowDeals(market: SlowMarket, { includeStale = false } = {}): SlowDeal[] {
  const found: SlowDeal[] = []
  for (const [store, ofStore] of market.prices) {
    const { chain_id, stale } = market.stores.get(store) ?? { chain_id: '', stale: true }
    if (stale && !includeStale) continue
    for (const product of ofStore.keys()) {
      const deal = dealOf(market, { store, product, chain_id, includeStale })
      if (deal !== undefined)
        found.push({ product_id: product, store_id: store, chain_id, stores: 1, ...deal })
    }
  }
  const best = Map.groupBy(found, ({ product_id, chain_id }) => `${product_id} ${chain_id}`)
  return [...best.values()].flatMap((deals) => {
    const [first] = deals.sort(
      (a, b) => b.score - a.score || a.price - b.price || a.store_id - b.store_id,
    )
    return first === undefined
      ? []
      : [{ ...first, stores: deals.filter(({ price }) => price === first.price).length }]
  })
}

function dealOf(
  { days, today, unitPrice, prices, stores }: SlowMarket,
  at: { store: number; product: number; chain_id: string; includeStale: boolean },
): Pick<SlowDeal, 'score' | 'percent' | 'price' | 'reference'> | undefined {
  const { store, product } = at
  const offer = unitPrice(store, product, today)?.agorot
  if (offer === undefined) return undefined
  const asked = (days.get(store) ?? []).flatMap((day) => {
    const agorot = day < today ? unitPrice(store, product, day)?.agorot : undefined
    return agorot === undefined ? [] : [{ day, agorot }]
  })
  const last = asked.findLast(({ agorot }) => agorot !== offer)?.day
  if (last === undefined || last < daysBefore(today, 30)) return undefined
  const within = (count: number) =>
    asked
      .filter(({ day }) => day <= last && day > daysBefore(last, count))
      .map(({ agorot }) => agorot)
  const others = [...prices].flatMap(([other, ofOther]) => {
    const { chain_id, stale } = stores.get(other) ?? { chain_id: at.chain_id, stale: true }
    if (!ofOther.has(product) || chain_id === at.chain_id || (stale && !at.includeStale)) return []
    return unitPrice(other, product, today)?.agorot ?? []
  })
  const reference = Math.min(
    ...[
      Math.min(...within(30)),
      median(within(90)),
      ...(others.length === 0 ? [] : [median(others)]),
    ],
  )
  if (offer >= reference) return undefined
  const percent = percentBelow(offer, reference)
  const low = percentBelow(offer, Math.min(reference, ...within(90)))
  const score = Math.floor((percent + low + 1) / 2)
  return {
    score: score / 100,
    percent: percent / 100,
    price: offer / 100,
    reference: reference / 100,
  }
}

function percentBelow(offer: number, reference: number): number {
  return Math.max(0, Math.floor(((reference - offer) * 20_000 + reference) / (2 * reference)))
}
