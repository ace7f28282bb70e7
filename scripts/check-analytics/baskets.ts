import type { BasketCost, BasketOptimum } from '../../modules/analytics/index.ts'
import { type Promotion, priceBasket } from '../../modules/pricing/index.ts'
import { type Check, type CheckTarget, compare, type Outcome, sampleIds } from './check.ts'

const BASKETS = 6
const LINES = 12
const CLUBS = ['1', '2']

type Item = { product_id: number; quantity: number }

/**
 * Compares baskets with `priceBasket` store by store. Compares the best plans with all ways to
 * split a few products among some stores, at the costs that the API gives for each part.
 */
export const baskets: Check = {
  name: 'baskets',
  async run(target) {
    const outcome: Outcome = { compared: 0, differences: [] }
    const products = await sampleIds(
      target,
      '(select id from catalog.products where store_count > 3) p',
      BASKETS * LINES,
    )
    const days = await target.sql<{ day: string }[]>`
      select distinct (observed_at at time zone 'Asia/Jerusalem')::date::text as day from pricing.price_lists
      order by day desc limit 8`
    for (let i = 0; i * LINES < products.length; i++) {
      const items = await itemsOf(target, products.slice(LINES * i, LINES * (i + 1)))
      await checkCosts(target, outcome, { items })
      await checkCosts(target, outcome, {
        items,
        date: days[(i % Math.max(1, days.length - 1)) + 1]?.day,
      })
      await checkOptimum(target, outcome, items.slice(0, 6))
    }
    return outcome
  },
}

/** A basket with one to three units, or a weight, of each product. */
async function itemsOf({ sql }: CheckTarget, ids: readonly number[]): Promise<Item[]> {
  const rows = await sql<{ id: number; is_weighted: boolean }[]>`
    select id, is_weighted from catalog.products where id = any(${[...ids]}::int[]) order by md5(id::text)`
  return rows.map(({ id, is_weighted }, i) => {
    return { product_id: id, quantity: is_weighted ? 0.35 * (1 + (i % 4)) : 1 + (i % 3) }
  })
}

async function post<T>({ ask }: CheckTarget, path: string, body: object): Promise<T> {
  const headers = { 'content-type': 'application/json' }
  const response = await ask(path, { method: 'POST', headers, body: JSON.stringify(body) })
  const text = await response.text()
  if (response.status !== 200) throw new Error(`Cannot ask ${path}: ${text}`)
  return JSON.parse(text).data
}

async function checkCosts(
  target: CheckTarget,
  outcome: Outcome,
  { items, date }: { items: Item[]; date?: string | undefined },
): Promise<void> {
  const body = {
    items,
    clubs: CLUBS,
    coupons: true,
    include_stale: true,
    limit: 1000,
    ...(date && { date }),
  }
  const answer = await post<BasketCost>(target, '/v1/analytics/basket-cost', body)
  const plain: { id: number; missing: number; agorot: number }[] = []
  for (const { store_id: id } of answer.comparison) {
    const { missing, agorot } = await plainBasket(target, {
      items,
      store: id,
      day: answer.date,
      isPast: date !== undefined,
    })
    plain.push({ id, missing: missing.length, agorot })
  }
  const sorted = plain.sort((a, b) => a.missing - b.missing || a.agorot - b.agorot || a.id - b.id)
  const [best] = sorted
  compare(
    outcome,
    `basket-cost ${JSON.stringify(body)}`,
    answer.comparison.map((row) => [row.store_id, row.missing.length, row.total_cost, row.savings]),
    sorted.map(({ id, missing, agorot }) => {
      return [
        id,
        missing,
        agorot / 100,
        missing === 0 ? ((best?.agorot ?? 0) - agorot) / 100 : null,
      ]
    }),
  )
}

/** The expected cost, from all prices and promotions of the store now or at the end of the day. */
async function plainBasket(
  { sql }: CheckTarget,
  { items, store, day, isPast }: { items: Item[]; store: number; day: string; isPast: boolean },
) {
  const end = sql`((${day}::date + 1)::timestamp at time zone 'Asia/Jerusalem')`
  const holds = isPast
    ? sql`s.valid_from < ${end} and coalesce(s.valid_to, 'infinity') >= ${end}`
    : sql`s.valid_to is null`
  const prices = await sql<{ id: number; agorot: number; isWeighted: boolean }[]>`
    select p.id, s.agorot, p.is_weighted as "isWeighted" from pricing.prices s join catalog.products p on p.id = s.product_id
    where s.store_id = ${store} and ${holds}`
  const promotions = await sql<
    (Omit<Promotion, 'startsAt' | 'endsAt'> & Record<'startsAt' | 'endsAt', Date | null>)[]
  >`
    select t.id, t.kind, t.not_computable as "notComputable", t.quantity, t.weight_unsettled as "weightUnsettled", t.agorot,
      t.rate, t.max_quantity as "maxQuantity", t.min_basket_agorot as "minBasketAgorot", t.clubs, t.coupon,
      t.starts_at as "startsAt", t.ends_at as "endsAt", t.product_ids as "productIds"
    from pricing.promotions s join pricing.promotion_terms t on t.id = s.terms_id where s.store_id = ${store} and ${holds}`
  return priceBasket(
    items.map(({ product_id, quantity }) => ({
      productId: product_id,
      quantity: Math.round(quantity * 1000),
    })),
    new Map(prices.map(({ id, ...price }) => [id, price])),
    promotions.map((promotion) => ({
      ...promotion,
      startsAt: promotion.startsAt && Number(promotion.startsAt),
      endsAt: promotion.endsAt && Number(promotion.endsAt),
    })),
    { day, clubs: CLUBS, coupons: true },
  )
}

/** Uses the six cheapest stores, so that many plans cost nearly the same. */
async function checkOptimum(target: CheckTarget, outcome: Outcome, items: Item[]): Promise<void> {
  const who = { clubs: CLUBS, coupons: true }
  const first = await post<BasketCost>(target, '/v1/analytics/basket-cost', {
    items,
    ...who,
    limit: 6,
  })
  const stores = first.comparison.map(({ store_id }) => store_id)
  const costs: Map<number, BasketCost['comparison'][number]>[] = []
  for (let mask = 1; mask < 1 << items.length; mask++) {
    const some = items.filter((_, i) => mask & (1 << i))
    const { comparison } = await post<BasketCost>(target, '/v1/analytics/basket-cost', {
      items: some,
      stores,
      ...who,
    })
    costs[mask] = new Map(comparison.map((row) => [row.store_id, row]))
  }
  const least = [1, 2, 3].map(() => ({ missing: items.length, agorot: 0 }))
  const share = (at: number, masks: number[]) => {
    if (at === items.length) {
      const bought = masks.flatMap((mask, s) =>
        mask === 0 ? [] : [costs[mask]?.get(stores[s] ?? 0)],
      )
      const missing = bought.reduce((sum, row) => sum + (row?.missing.length ?? 0), 0)
      const agorot = bought.reduce(
        (sum, row) => sum + Math.round((row?.total_cost ?? 0) * 100) + 300,
        0,
      )
      for (const [most, best] of least.entries()) {
        if (bought.length > most + 1 || missing > best.missing) continue
        if (missing < best.missing || agorot < best.agorot) least[most] = { missing, agorot }
      }
      return
    }
    for (const s of stores.keys()) share(at + 1, masks.with(s, (masks[s] ?? 0) + (1 << at)))
  }
  share(
    0,
    stores.map(() => 0),
  )
  const body = { items, stores, ...who, visit_cost: 3 }
  const answer = await post<BasketOptimum>(target, '/v1/analytics/basket-optimize', body)
  compare(
    outcome,
    `basket-optimize ${JSON.stringify(body)}`,
    answer.options.map(({ missing, total_cost }) => [missing.length, total_cost]),
    least.map(({ missing, agorot }) => [missing, agorot / 100]),
  )
}
