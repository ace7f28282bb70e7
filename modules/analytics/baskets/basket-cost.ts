import { setImmediate } from 'node:timers/promises'
import { shekels } from '../../../src/http/contract/money.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { israelDate } from '../../../src/israel-time.ts'
import { type PricedBasket, priceBasket } from '../../pricing/index.ts'
import { type Market, openMarket, type Shelf, tellBasis } from './basket-market.ts'
import { type BasketQuestion, questionOfBody, questionOfQuery } from './basket-question.ts'
import type { BasketCost } from './basket-responses.ts'
import type { BasketCostBody, BasketCostQuery } from './basket-schemas.ts'
import { rankBaskets } from './rank-baskets.ts'
import { tellPart, tellStoreColumns } from './tell-basket.ts'

const USUAL_LIMIT = 50
/** So long baskets are priced before other requests have their turn. */
const TURN_MS = 10

type Priced = { shelf: Shelf; priced: PricedBasket }

/** @throws AppError as `openMarket` does */
export function compareBasket(context: ReadContext, query: BasketCostQuery): Promise<BasketCost> {
  return compare(context, questionOfQuery(query), query.limit)
}

/** The same for a basket with quantities. */
export function comparePostedBasket(
  context: ReadContext,
  { body }: { body: BasketCostBody },
): Promise<BasketCost> {
  return compare(context, questionOfBody(body), body.limit)
}

async function compare(
  context: ReadContext,
  question: BasketQuestion,
  limit = USUAL_LIMIT,
): Promise<BasketCost> {
  const market = await openMarket(context, question)
  const ranked = rankBaskets(await priceEverywhere(market))
  return {
    ...tellBasis(market),
    complete_stores: ranked.filter(({ rank }) => rank !== null).length,
    comparison: ranked.slice(0, limit).map(({ rank, savingsAgorot, shelf, priced }) => ({
      rank,
      ...tellStoreColumns(shelf),
      ...tellCost(priced),
      savings: savingsAgorot === null ? null : shekels(savingsAgorot),
      ...tellPart(priced, shelf),
      observation_date: israelDate(shelf.store.lastSeen),
      stale: shelf.store.stale,
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

function tellCost({ agorot, shelfAgorot, lines, missing }: PricedBasket) {
  return {
    total_cost: shekels(agorot),
    shelf_cost: shekels(shelfAgorot),
    complete: missing.length === 0,
    coverage: Math.round((1000 * lines.length) / (lines.length + missing.length)) / 1000,
    missing: missing.map(({ productId }) => productId),
  }
}
