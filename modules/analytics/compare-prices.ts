import type { Static } from '@sinclair/typebox'
import { all, amongIds } from '../../src/http/conditions.ts'
import { shekels } from '../../src/http/money.ts'
import { type Page, readPage } from '../../src/http/paging.ts'
import type { View } from '../../src/http/view.ts'
import { israelDate } from '../../src/israel-time.ts'
import { findStoreIds, findStoresById, type Store } from '../catalog/index.ts'
import { inWindow, readTimeWindow, saleIn, type TimeWindow } from '../pricing/index.ts'
import { findProductsNamed } from './find-products.ts'
import { priceRange, ranksOf } from './price-range.ts'
import type { priceComparison } from './schemas.ts'
import type { PriceComparison } from './shapes.ts'
import { findSightings, type Sightings } from './sightings.ts'
import { tellStore } from './snippets.ts'

type Query = Static<typeof priceComparison.query>
type ProductRow = { id: number; name: string; barcode: string | null }
type Offer = { product_id: number; store_id: number; agorot: number; sale: number | null }

/** @throws AppError VALIDATION_ERROR for an `as_of` that is no moment */
export async function comparePrices(view: View, query: Query): Promise<Page<PriceComparison>> {
  const { db } = view
  const window = readTimeWindow(query)
  const ids = await findProductsNamed(view, query)
  const wanted = ids === undefined ? db`true` : amongIds(view, db`p.id`, ids)
  const page = await readPage<ProductRow>(view, query, {
    name: 'price comparison',
    sorts: { product_id: { by: db`p.id`, type: 'integer' } },
    order: ['product_id'],
    unique: ['product_id'],
    total: async () => Number((await db`select count(*) from catalog.products p where ${wanted}`)[0]?.count),
    rows: ({ keys, after, order, limit }) => db`
      select p.id, p.name, case when p.chain_id is null then p.code end as barcode, ${keys}
      from catalog.products p where ${wanted} ${after} order by ${order} ${limit}`,
  })
  const [offers, sightings] = await Promise.all([
    readOffers(view, query, { products: page.rows.map(({ id }) => id), window }),
    findSightings(view, window),
  ])
  const stores = await findStoresById(view, [...new Set(offers.map(({ store_id }) => store_id))])
  const byProduct = Map.groupBy(offers, ({ product_id }) => product_id)
  const rows = page.rows.map(({ id, name, barcode }) => ({
    product: { id, name, barcode },
    ...compareOffers(byProduct.get(id) ?? [], { stores, sightings, includeStale: query.include_stale === true }),
  }))
  return { ...page, rows }
}

async function readOffers(
  view: View,
  { city, chain, chain_id, store_id }: Query,
  { products, window }: { products: number[]; window: TimeWindow },
): Promise<Offer[]> {
  const { db } = view
  const stores = await findStoreIds(view, { city, chain, chain_id })
  const where = all(view, [
    amongIds(view, db`p.product_id`, products),
    inWindow(view, window),
    stores !== undefined && amongIds(view, db`p.store_id`, stores),
    store_id !== undefined && amongIds(view, db`p.store_id`, store_id),
  ])
  return db<Offer[]>`
    select p.product_id, p.store_id, p.agorot, ${saleIn(view, window)} as sale from pricing.prices p
    where ${where} order by p.product_id, p.agorot, p.store_id`
}

/** One product's offers, in order of their shelf prices, against each other. */
function compareOffers(
  offers: readonly Offer[],
  { stores, sightings, includeStale }: { stores: Map<number, Store>; sightings: Sightings; includeStale: boolean },
): Omit<PriceComparison, 'product'> {
  const counted = offers.filter(({ store_id }) => includeStale || !sightings.stale.has(store_id))
  const ranks = ranksOf(counted.map(({ agorot }) => agorot))
  const promotedRanks = ranksOf(counted.map(lowest))
  const days = counted.map(({ store_id }) => dayOf(sightings, store_id)).sort()
  const byPromotion = counted.toSorted((a, b) => lowest(a) - lowest(b))
  const tell = (offer: Offer, [rank, promotedRank]: readonly (number | undefined)[]) => ({
    rank: rank ?? null,
    rank_with_promotions: promotedRank ?? null,
    store: tellStore(stores, offer.store_id),
    price: shekels(offer.agorot),
    discount_price: offer.sale === null ? null : shekels(offer.sale),
    observation_date: dayOf(sightings, offer.store_id),
    stale: sightings.stale.has(offer.store_id),
  })
  const left = offers.filter((offer) => !counted.includes(offer))
  return {
    store_count: counted.length,
    stale_stores: left.length,
    observation_date: days.at(-1) ?? null,
    oldest_observation_date: days[0] ?? null,
    shelf: rangeOf(counted, ({ agorot }) => agorot),
    with_promotions: ((range) =>
      range && { ...range, promoted_stores: counted.filter(({ sale }) => sale !== null).length })(
      rangeOf(byPromotion, lowest),
    ),
    stores: [
      ...counted.map((offer, i) => tell(offer, [ranks[i], promotedRanks[i]])),
      ...left.map((offer) => tell(offer, [])),
    ],
  }
}

const lowest = ({ agorot, sale }: Offer) => sale ?? agorot

function rangeOf(ascending: readonly Offer[], priceOf: (offer: Offer) => number) {
  const [first] = ascending
  if (first === undefined) return null
  const cheapest = ascending.filter((offer) => priceOf(offer) === priceOf(first)).map(({ store_id }) => store_id)
  return { ...priceRange(ascending.map(priceOf)), cheapest: cheapest.sort((a, b) => a - b) }
}

function dayOf({ lastSeen }: Sightings, storeId: number): string {
  return israelDate(lastSeen.get(storeId) ?? 0)
}
