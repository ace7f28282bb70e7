import { setImmediate } from 'node:timers/promises'
import { shekels } from '../../../src/http/contract/money.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { israelDate } from '../../../src/israel-time.ts'
import { type PricedBasket, priceBasket } from '../../pricing/index.ts'
import { type Market, openMarket, type Shelf, toBasketBasis } from './basket-market.ts'
import { type BasketRequest, readBasketBody, readBasketQuery } from './basket-request.ts'
import type { BasketCost } from './basket-responses.ts'
import type { BasketCostBody, BasketCostQuery } from './basket-schemas.ts'
import { toPricedPart, toStoreColumns } from './priced-part.ts'
import { rankBaskets } from './rank-baskets.ts'

const DEFAULT_LIMIT = 50
/** Pricing yields to other requests after this long. */
const YIELD_AFTER_MS = 10

type Priced = { shelf: Shelf; priced: PricedBasket }

/** @throws AppError as `openMarket` does */
export function compareBasket(context: ReadContext, query: BasketCostQuery): Promise<BasketCost> {
  return compare(context, readBasketQuery(query), query.limit)
}

/** The costs of a basket with quantities. */
export function comparePostedBasket(
  context: ReadContext,
  { body }: { body: BasketCostBody },
): Promise<BasketCost> {
  return compare(context, readBasketBody(body), body.limit)
}

async function compare(
  context: ReadContext,
  request: BasketRequest,
  limit = DEFAULT_LIMIT,
): Promise<BasketCost> {
  const market = await openMarket(context, request)
  const ranked = rankBaskets(await priceEverywhere(market))
  return {
    ...toBasketBasis(market),
    complete_stores: ranked.filter(({ rank }) => rank !== null).length,
    comparison: ranked.slice(0, limit).map(({ rank, savingsAgorot, shelf, priced }) => ({
      rank,
      ...toStoreColumns(shelf),
      ...toStoreCost(priced),
      savings: savingsAgorot === null ? null : shekels(savingsAgorot),
      ...toPricedPart(priced, shelf),
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
    if (performance.now() - since < YIELD_AFTER_MS) continue
    await setImmediate()
    since = performance.now()
  }
  return all
}

function toStoreCost({ agorot, shelfAgorot, lines, missing }: PricedBasket) {
  return {
    total_cost: shekels(agorot),
    shelf_cost: shekels(shelfAgorot),
    complete: missing.length === 0,
    coverage: Math.round((1000 * lines.length) / (lines.length + missing.length)) / 1000,
    missing: missing.map(({ productId }) => productId),
  }
}
