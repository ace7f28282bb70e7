/**
 * bun scripts/bench/basket.ts
 *
 * Prices invented baskets of 40 lines over 400 stores with 60 promotions each (most about one to six products, some of
 * which compete), and tells the milliseconds a store.
 */
import { type Promotion, type PromotionKind, priceBasket } from '../../modules/pricing/index.ts'

const STORES = 400
const LINES = 40
const PROMOTIONS = 60
const ROUNDS = 5
const SHOPPER = { day: '2026-03-10', clubs: ['1'], coupons: [] }
/** Of twenty promotions, about as many of each kind as the chains have. */
const KINDS: PromotionKind[] = [
  ...Array<PromotionKind>(13).fill('bundle_price'),
  ...Array<PromotionKind>(3).fill('price_per_kg'),
  ...Array<PromotionKind>(2).fill('percent_off'),
  ...Array<PromotionKind>(2).fill('nth_unit'),
]

let state = 1
/** The same numbers each time. */
function below(n: number): number {
  state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
  return Math.floor((state / 0x80000000) * n)
}

function inventPromotion(id: number): Promotion {
  const kind = KINDS[below(KINDS.length)] as PromotionKind
  const size = kind === 'price_per_kg' ? 0.01 : kind === 'percent_off' ? 1 : kind === 'nth_unit' ? 2 : 1 + below(3)
  const first = below(LINES)
  const productIds = Array.from({ length: 1 + below(6) }, (_, i) => (first + i) % LINES)
  // the promoted products that nobody has in the basket
  for (let i = below(12); i > 0; i--) productIds.push(LINES + below(8000))
  return {
    id,
    kind,
    notComputable: null,
    quantity: size * 1000,
    weightUnsettled: false,
    agorot: kind === 'nth_unit' || kind === 'percent_off' ? null : Math.round(Math.max(1, size) * (400 + below(1200))),
    rate: 1000 + below(9000),
    maxQuantity: below(8) === 0 ? 3000 * Math.max(1, size) : null,
    minBasketAgorot: below(15) === 0 ? 7500 : null,
    clubs: below(5) === 0 ? ['1'] : [],
    coupon: below(20) === 0,
    startsAt: Date.parse('2026-03-01T00:00:00Z'),
    endsAt: Date.parse('2026-03-31T00:00:00Z'),
    productIds,
  }
}

const lines = Array.from({ length: LINES }, (_, productId) => {
  return { productId, quantity: productId % 8 === 0 ? 300 + below(2000) : 1000 * (1 + below(4)) }
})
const stores = Array.from({ length: STORES }, () => ({
  prices: new Map(
    lines.map(({ productId }) => [productId, { agorot: 300 + below(3000), isWeighted: productId % 8 === 0 }]),
  ),
  promotions: Array.from({ length: PROMOTIONS }, (_, i) => inventPromotion(i + 1)),
}))

const took: number[] = []
let saved = 0
let applied = 0
let inexact = 0
for (let round = 0; round <= ROUNDS; round++) {
  for (const { prices, promotions } of stores) {
    const started = performance.now()
    const { agorot, shelfAgorot, promotions: used, exact } = priceBasket(lines, prices, promotions, SHOPPER)
    if (round === 0) {
      saved += 1 - agorot / shelfAgorot
      applied += used.length
      inexact += exact ? 0 : 1
    } else took.push(performance.now() - started)
  }
}
took.sort((a, b) => a - b)
const at = (share: number) => (took[Math.floor(share * (took.length - 1))] as number).toFixed(3)
const mean = took.reduce((sum, ms) => sum + ms, 0) / took.length
console.log(`${LINES} lines, ${PROMOTIONS} promotions, ${STORES} stores, ${ROUNDS} rounds after one to warm up`)
console.log(`${(applied / STORES).toFixed(1)} promotions applied, ${((100 * saved) / STORES).toFixed(1)}% saved`)
console.log(`ms a store: mean ${mean.toFixed(3)}, median ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, most ${at(1)}`)
console.log(`${inexact} of ${STORES} baskets not exact`)
