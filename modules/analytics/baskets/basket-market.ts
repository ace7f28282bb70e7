import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { israelDate } from '../../../src/israel-time.ts'
import {
  findStorePrices,
  findStorePromotions,
  type ListedPromotion,
  type ShelfPrice,
  type Shopper,
} from '../../pricing/index.ts'
import { readBasketDate } from './basket-date.ts'
import { type Basket, readBasket } from './basket-lines.ts'
import type { BasketRequest } from './basket-request.ts'
import { type ComparedStore, findStores } from './basket-stores.ts'

/** A store's prices and promotions for a basket, and what its shopper is entitled to. */
export type Shelf = {
  store: ComparedStore
  prices: Map<number, ShelfPrice>
  promotions: ListedPromotion[]
  shopper: Shopper
}

/** A basket with all stores where it can be bought, and the ids of stale stores left out. */
export type Market = { basket: Basket; day: string; shelves: Shelf[]; stale: number[] }

/** @throws AppError as `readBasket`, `findStores` and `readBasketDate` do */
export async function openMarket(context: ReadContext, request: BasketRequest): Promise<Market> {
  const { day, window } = readBasketDate(context, request.date)
  const basket = await readBasket(context, request.wanted)
  const { compared, stale } = await findStores(context, request, window)
  const selection = {
    storeIds: compared.map(({ id }) => id),
    productIds: basket.lines.map(({ productId }) => productId),
    window,
  }
  const [prices, promotions] = await Promise.all([
    findStorePrices(context, selection),
    findStorePromotions(context, selection),
  ])
  const shoppers = new Map<string, Shopper>()
  const shelves = compared.map((store): Shelf => {
    const shopper = shoppers.get(store.chain_id) ?? toShopper(store.chain_id, { ...request, day })
    shoppers.set(store.chain_id, shopper)
    return {
      store,
      prices: prices.get(store.id) ?? new Map(),
      promotions: promotions.get(store.id) ?? [],
      shopper,
    }
  })
  return { basket, day, shelves, stale }
}

/** A club given as CHAIN:CLUB applies in that chain only. */
function toShopper(
  chainId: string,
  { clubs, coupons, day }: Pick<BasketRequest, 'clubs' | 'coupons'> & { day: string },
): Shopper {
  const ownClubs = clubs.flatMap((club) => {
    const [chain = '', own] = club.split(':')
    return own === undefined ? [chain] : chain === chainId ? [own] : []
  })
  return { day, clubs: ownClubs, coupons }
}

/** The response fields that describe the basket and the data behind the answer. */
export function toBasketBasis({ basket, day, shelves, stale }: Market) {
  const { lines, products, unknown } = basket
  const days = shelves.map(({ store }) => israelDate(store.lastSeen)).sort()
  return {
    basket_items: lines.length + unknown.length,
    items: lines.map(({ productId, quantity }) => {
      const product = products.get(productId)
      return {
        product_id: productId,
        name: product?.product_name ?? '',
        barcode: product?.barcode ?? null,
        quantity: quantity / 1000,
        is_weighted: product?.is_weighted === true,
      }
    }),
    unknown,
    date: day,
    store_count: shelves.length,
    stale_stores: stale.length,
    observation_date: days.at(-1) ?? null,
    oldest_observation_date: days[0] ?? null,
  }
}
