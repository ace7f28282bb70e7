import { invalid } from '../../../src/http/contract/app-error.ts'
import { shekels } from '../../../src/http/contract/money.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { type PricedBasket, priceBasket } from '../../pricing/index.ts'
import type { Plan } from '../optimize/instance.ts'
import { createOptimizer } from '../optimize/worker-pool.ts'
import { type Market, openMarket, type Shelf, toBasketBasis } from './basket-market.ts'
import { readBasketBody } from './basket-request.ts'
import type { BasketOptimum } from './basket-responses.ts'
import type { BasketOptimizeBody } from './basket-schemas.ts'
import { toPricedPart, toStoreColumns } from './priced-part.ts'

const MAX_STORES = 3
const optimize = createOptimizer()

type PricedPlan = {
  parts: { shelf: Shelf; priced: PricedBasket }[]
  agorot: number
  missing: number[]
}

/** @throws AppError as `openMarket` and `createOptimizer` do */
export async function optimizePostedBasket(
  context: ReadContext,
  { body }: { body: BasketOptimizeBody },
): Promise<BasketOptimum> {
  const { max_stores = MAX_STORES, visit_cost = 0, ...basket } = body
  const visitAgorot = Math.round(visit_cost * 100)
  if (Math.abs(visitAgorot - visit_cost * 100) > 1e-6) {
    throw invalid({ field: 'visit_cost', message: 'must have at most two decimals' })
  }
  const market = await openMarket(context, readBasketBody(basket))
  const instance = {
    lines: market.basket.lines,
    stores: market.shelves,
    maxStores: max_stores,
    visitAgorot,
  }
  const { plans, exact } = await optimize(instance)
  const priced = plans.map((plan) => pricePlan(plan, market))
  const best = priced.at(-1) ?? pricePlan({ agorot: 0, stores: [] }, market)
  return {
    ...toBasketBasis(market),
    max_stores,
    visit_cost,
    ...toTotals(best, visitAgorot),
    stores: best.parts.map(({ shelf, priced }) => ({
      ...toStoreColumns(shelf),
      cost: shekels(priced.agorot),
      shelf_cost: shekels(priced.shelfAgorot),
      ...toPricedPart(priced, shelf),
    })),
    options: priced.map((plan, i) => ({
      max_stores: i + 1,
      store_ids: plan.parts.map(({ shelf }) => shelf.store.id),
      ...toTotals(plan, visitAgorot),
      saves: computeSavings(plan, priced[i - 1], visitAgorot),
    })),
    exact: exact && best.parts.every(({ priced }) => priced.exact),
  }
}

/** Prices a plan store by store; the total must equal the optimiser's. */
function pricePlan({ agorot, stores }: Plan, { basket, shelves }: Market): PricedPlan {
  const { lines } = basket
  const parts = stores.map(({ store, lines: own }) => {
    const shelf = shelves[store] as Shelf
    const some = lines.filter((_, line) => own.includes(line))
    return { shelf, priced: priceBasket(some, shelf.prices, shelf.promotions, shelf.shopper) }
  })
  const total = parts.reduce((sum, { priced }) => sum + priced.agorot, 0)
  if (total !== agorot && parts.every(({ priced }) => priced.exact)) {
    throw new Error(`Cannot optimise a basket: a plan of ${agorot} agorot costs ${total}`)
  }
  const bought = new Set(stores.flatMap(({ lines }) => lines))
  const missing = lines.filter((_, line) => !bought.has(line)).map(({ productId }) => productId)
  return { parts, agorot: total, missing }
}

function toTotals({ parts, agorot, missing }: PricedPlan, visitAgorot: number) {
  const visits = parts.length * visitAgorot
  return {
    total_cost: shekels(agorot + visits),
    goods_cost: shekels(agorot),
    visits_cost: shekels(visits),
    complete: missing.length === 0,
    missing,
  }
}

/** Savings against the plan with one store fewer; null if that plan buys less of the basket. */
function computeSavings(
  plan: PricedPlan,
  before: PricedPlan | undefined,
  visitAgorot: number,
): number | null {
  if (before === undefined || before.missing.length !== plan.missing.length) return null
  return shekels(
    before.agorot - plan.agorot + (before.parts.length - plan.parts.length) * visitAgorot,
  )
}
