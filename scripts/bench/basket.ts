/**
 * bun scripts/bench/basket.ts
 *
 * Prices invented baskets of 40 lines in 400 stores with 60 promotions each, and tells the
 * milliseconds a store: as in real stores, where a product is seldom in two promotions, and with
 * all 60 competing for the basket.
 */
import { type Promotion, type PromotionKind, priceBasket } from '../../modules/pricing/index.ts'

const STORES = 400
const LINES = 40
const PROMOTIONS = 60
const ROUNDS = 5
const SHOPPER = { day: '2026-03-10', clubs: ['1'], coupons: [] }
/** Kinds of twenty promotions, in about the proportions of real chains. */
const KINDS: PromotionKind[] = [
  ...Array<PromotionKind>(13).fill('bundle_price'),
  ...Array<PromotionKind>(3).fill('price_per_kg'),
  ...Array<PromotionKind>(2).fill('percent_off'),
  ...Array<PromotionKind>(2).fill('nth_unit'),
]
const LEAST_UNITS = { price_per_kg: 0.01, percent_off: 1, nth_unit: 2 } as Record<
  PromotionKind,
  number
>

let state = 1
/** The same sequence of numbers each time. */
function below(n: number): number {
  state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
  return Math.floor((state / 0x80000000) * n)
}

function inventPromotion(id: number, basketIds: number[]): Promotion {
  const kind = KINDS[below(KINDS.length)] as PromotionKind
  const units = LEAST_UNITS[kind] ?? 1 + below(3)
  return {
    id,
    kind,
    notComputable: null,
    quantity: units * 1000,
    weightUnsettled: false,
    agorot:
      kind === 'nth_unit' || kind === 'percent_off'
        ? null
        : Math.round(Math.max(1, units) * (400 + below(1200))),
    rate: 1000 + below(9000),
    maxQuantity: below(8) === 0 ? 3000 * Math.max(1, units) : null,
    minBasketAgorot: below(15) === 0 ? 7500 : null,
    clubs: below(5) === 0 ? ['1'] : [],
    coupon: below(20) === 0,
    startsAt: Date.parse('2026-03-01T00:00:00Z'),
    endsAt: Date.parse('2026-03-31T00:00:00Z'),
    // and promoted products that are not in the basket
    productIds: [...basketIds, ...Array.from({ length: 1 + below(12) }, () => LINES + below(8000))],
  }
}

/**
 * Families of one to four products with a promotion each, every fifth with two; the other
 * promotions are not on the basket.
 */
function asInStores(): number[][] {
  const families: number[][] = []
  for (let first = 0; first < LINES; ) {
    const size = Math.min(LINES - first, Math.max(1, below(6) - 1))
    const family = Array.from({ length: size }, (_, i) => first + i)
    families.push(family)
    if (below(5) === 0) families.push(family.slice(0, 1 + below(size)))
    first += size
  }
  return Array.from({ length: PROMOTIONS }, (_, i) => families[i] ?? [])
}

function competing(): number[][] {
  return Array.from({ length: PROMOTIONS }, () => {
    const first = below(LINES)
    return Array.from({ length: 1 + below(6) }, (_, i) => (first + i) % LINES)
  })
}

const lines = Array.from({ length: LINES }, (_, productId) => {
  return { productId, quantity: productId % 8 === 0 ? 300 + below(2000) : 1000 * (1 + below(4)) }
})

function measure(title: string, promoted: () => number[][]): void {
  const stores = Array.from({ length: STORES }, () => ({
    prices: new Map(
      lines.map(({ productId }) => [
        productId,
        { agorot: 300 + below(3000), isWeighted: productId % 8 === 0 },
      ]),
    ),
    promotions: promoted().map((basketIds, i) => inventPromotion(i + 1, basketIds)),
  }))
  const took: number[] = []
  let applied = 0
  let inexact = 0
  let gap = 0
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { prices, promotions } of stores) {
      const started = performance.now()
      const basket = priceBasket(lines, prices, promotions, SHOPPER)
      if (round > 0) took.push(performance.now() - started)
      else {
        applied += basket.promotions.length
        inexact += basket.exact ? 0 : 1
        gap = Math.max(gap, basket.gapAgorot / basket.agorot)
      }
    }
  }
  took.sort((a, b) => a - b)
  const at = (share: number) => (took[Math.floor(share * (took.length - 1))] as number).toFixed(3)
  const mean = took.reduce((sum, ms) => sum + ms, 0) / took.length
  console.log(`${title}: ${(applied / STORES).toFixed(1)} promotions applied`)
  console.log(
    `  ms a store: mean ${mean.toFixed(3)}, median ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, most ${at(1)}`,
  )
  console.log(
    `  ${inexact} of ${STORES} baskets not proven, by ${(100 * gap).toFixed(2)}% of their cost at most`,
  )
}

console.log(
  `${LINES} lines, ${PROMOTIONS} promotions, ${STORES} stores, ${ROUNDS} rounds after one to warm up`,
)
measure('as in stores', asInStores)
measure('all competing', competing)
