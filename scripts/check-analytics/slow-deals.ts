import { daysBefore, median, type SlowMarket } from './slow-market.ts'

export type SlowDeal = {
  product_id: number
  store_id: number
  chain_id: string
  stores: number
  worth: number
  single_store: boolean
  suspect: boolean
  score: number
  percent: number
  price: number
  reference: number
  /** The earlier days and the stores of other chains that the reference price is based on. */
  evidence: number
}

/**
 * Every deal of the newest day by its definition in docs/analytics.md, computed day by day and
 * store by store in shekels.
 */
export function slowDeals(market: SlowMarket, { includeStale = false } = {}): SlowDeal[] {
  const deals: SlowDeal[] = []
  for (const [store, ofStore] of market.prices) {
    const { chain_id, stale } = market.stores.get(store) ?? { chain_id: '', stale: true }
    if (stale && !includeStale) continue
    for (const product of ofStore.keys()) {
      const deal = dealOf(market, { store, product, chain_id, includeStale })
      if (deal !== undefined)
        deals.push({ ...WEIGHTS, product_id: product, store_id: store, chain_id, ...deal })
    }
  }
  const best = Map.groupBy(deals, ({ product_id, chain_id }) => `${product_id} ${chain_id}`)
  return [...best.values()].flatMap((deals) => {
    const [first] = deals.sort(
      (a, b) => b.score - a.score || a.price - b.price || a.store_id - b.store_id,
    )
    if (first === undefined) return []
    const stores = deals.filter(({ price }) => price === first.price).length
    return [{ ...first, ...weigh(market, first, { stores, includeStale }) }]
  })
}

const WEIGHTS = { stores: 1, worth: 0, single_store: false, suspect: false }

/** The sort key of a deal by the formula in docs/analytics.md. */
function weigh(
  market: SlowMarket,
  { product_id, score, price, reference, evidence }: SlowDeal,
  { stores, includeStale }: { stores: number; includeStale: boolean },
) {
  const sellers = [...market.stores].filter(([store, { stale }]) => {
    return (includeStale || !stale) && market.unitPrice(store, product_id, market.today)
  }).length
  const share = (count: number, half: number) => count / (count + half)
  const weight = share(stores, 2) * share(Math.max(1, sellers), 2) * share(evidence, 3)
  return {
    stores,
    worth: Math.floor(Number((score * weight * 100).toFixed(6)) + 0.5) / 100,
    single_store: sellers < 2,
    suspect: Math.round(reference * 100) >= 5 * Math.round(price * 100),
  }
}

function dealOf(
  { days, today, unitPrice, prices, stores }: SlowMarket,
  at: { store: number; product: number; chain_id: string; includeStale: boolean },
): Pick<SlowDeal, 'score' | 'percent' | 'price' | 'reference' | 'evidence'> | undefined {
  const { store, product } = at
  const offer = unitPrice(store, product, today)?.agorot
  if (offer === undefined) return undefined
  const past = (days.get(store) ?? []).flatMap((day) => {
    const agorot = day < today ? unitPrice(store, product, day)?.agorot : undefined
    return agorot === undefined ? [] : [{ day, agorot }]
  })
  const last = past.findLast(({ agorot }) => agorot !== offer)?.day
  if (last === undefined || last < daysBefore(today, 30)) return undefined
  const within = (count: number) =>
    past
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
    evidence: within(90).length + others.length,
  }
}

function percentBelow(offer: number, reference: number): number {
  return Math.max(0, Math.floor(((reference - offer) * 20_000 + reference) / (2 * reference)))
}
