import { setImmediate } from 'node:timers/promises'
import { shekels } from '../../src/http/money.ts'
import type { View } from '../../src/http/view.ts'
import { israelDate } from '../../src/israel-time.ts'
import { type PricedBasket, priceBasket } from '../pricing/index.ts'
import { type Market, openMarket, type Shelf, tellBasis } from './basket-market.ts'
import { type BasketQuestion, questionOfBody, questionOfQuery } from './basket-question.ts'
import type { BasketCostBody, BasketCostQuery } from './basket-schemas.ts'
import type { BasketCost } from './basket-shapes.ts'
import { ranksOf } from './price-range.ts'
import { tellPart, tellStoreColumns } from './tell-basket.ts'

const USUAL_LIMIT = 100
/** So long baskets are priced before other requests have their turn. */
const TURN_MS = 10

type Priced = { shelf: Shelf; priced: PricedBasket }

/** @throws AppError as `openMarket` does */
export function compareBasket(view: View, query: BasketCostQuery): Promise<BasketCost> {
  return compare(view, questionOfQuery(query), query.limit)
}

/** The same for a basket with quantities. */
export function comparePostedBasket(view: View, { body }: { body: BasketCostBody }): Promise<BasketCost> {
  return compare(view, questionOfBody(body), body.limit)
}

async function compare(view: View, question: BasketQuestion, limit = USUAL_LIMIT): Promise<BasketCost> {
  const market = await openMarket(view, question)
  const all = await priceEverywhere(market)
  const ranked = all.sort(byUse)
  const complete = ranked.filter(({ priced }) => priced.missing.length === 0)
  const ranks = ranksOf(complete.map(({ priced }) => priced.agorot))
  const told = ranked.slice(0, limit)
  return {
    ...tellBasis(market),
    complete_stores: complete.length,
    comparison: told.map((one, i) => ({
      rank: ranks[i] ?? null,
      ...tellStoreColumns(one.shelf),
      ...tellCost(one, complete[0]),
      ...tellPart(one.priced, one.shelf),
      observation_date: israelDate(one.shelf.store.lastSeen),
      stale: one.shelf.store.stale,
    })),
  }
}

async function priceEverywhere({ basket, shelves }: Market): Promise<Priced[]> {
  const all: Priced[] = []
  let since = performance.now()
  for (const shelf of shelves) {
    const { prices, promotions, shopper } = shelf
    all.push({ shelf, priced: priceBasket(basket.lines, prices, promotions, shopper) })
    if (performance.now() - since < TURN_MS) continue
    await setImmediate()
    since = performance.now()
  }
  return all
}

/** What sells most of the basket first, of that the cheapest. */
function byUse(a: Priced, b: Priced): number {
  return (
    a.priced.missing.length - b.priced.missing.length ||
    a.priced.agorot - b.priced.agorot ||
    a.shelf.store.id - b.shelf.store.id
  )
}

function tellCost({ priced }: Priced, cheapest: Priced | undefined) {
  const { agorot, shelfAgorot, lines, missing } = priced
  const isComplete = missing.length === 0
  return {
    total_cost: shekels(agorot),
    shelf_cost: shekels(shelfAgorot),
    savings: isComplete && cheapest !== undefined ? shekels(cheapest.priced.agorot - agorot) : null,
    complete: isComplete,
    coverage: Math.round((1000 * lines.length) / (lines.length + missing.length)) / 1000,
    missing: missing.map(({ productId }) => productId),
  }
}
