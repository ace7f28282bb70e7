import { shekels } from '../../../src/http/contract/money.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { all, amongIds } from '../../../src/http/paging/conditions.ts'
import { type Page, readPage } from '../../../src/http/paging/paging.ts'
import {
  findStoreIds,
  goodsOnly,
  storeFilterOf,
  TOKEN_AGOROT,
  unitPriceKey,
} from '../../catalog/index.ts'
import { inWindow, readTimeWindow, saleIn, type TimeWindow } from '../../pricing/index.ts'
import { computeRanks, priceRange } from '../sellers/price-range.ts'
import { selectProducts } from '../sellers/select-products.ts'
import { findSellers, type Seller } from '../sellers/sellers.ts'
import type { ComparisonQuery, PriceComparison } from './comparison-schemas.ts'

type ProductRow = { id: number; name: string; barcode: string | null }
type Offer = { product_id: number; store_id: number; agorot: number; sale: number | null }

/** @throws AppError VALIDATION_ERROR for an invalid `as_of` */
export async function comparePrices(
  context: ReadContext,
  query: ComparisonQuery,
): Promise<Page<PriceComparison>> {
  const { db } = context
  const window = readTimeWindow(query)
  const ids = await selectProducts(context, query)
  const isRanking = query.sort?.some((key) => !key.startsWith('product_id')) === true
  const card = query.include_stale
    ? { min: db`p.all_min_agorot`, max: db`p.all_max_agorot`, count: db`p.all_store_count` }
    : { min: db`p.min_agorot`, max: db`p.max_agorot`, count: db`p.store_count` }
  const requested = all(context, [
    ids !== undefined && amongIds(context, db`p.id`, ids),
    isRanking && goodsOnly(context, query),
    isRanking && db`${card.min} > ${TOKEN_AGOROT}`,
    query.min_stores !== undefined && db`${card.count} >= ${query.min_stores}`,
  ])
  const page = await readPage<ProductRow>(context, query, {
    // totals are cached by name and filters; a ranking omits rows, so it needs its own name
    name: isRanking ? 'price comparison ranking' : 'price comparison',
    sorts: {
      product_id: { by: db`p.id`, type: 'integer' },
      spread: { by: db`${card.max} - ${card.min}`, type: 'integer' },
      spread_percent: {
        by: db`(10000::bigint * (${card.max} - ${card.min}) / ${card.min})`,
        type: 'bigint',
      },
      unit_price: { by: unitPriceKey(context, card.min), type: 'bigint' },
      store_count: { by: card.count, type: 'integer' },
    },
    order: ['product_id'],
    unique: ['product_id'],
    total: async () =>
      Number((await db`select count(*) from catalog.products p where ${requested}`)[0]?.count),
    rows: ({ keys, after, order, limit }) => db`
      select p.id, p.name, case when p.chain_id is null then p.code end as barcode, ${keys}
      from catalog.products p where ${requested} ${after} order by ${order} ${limit}`,
  })
  const [offers, sellers] = await Promise.all([
    readOffers(context, query, { products: page.rows.map(({ id }) => id), window }),
    findSellers(context, window),
  ])
  const byProduct = Map.groupBy(offers, ({ product_id }) => product_id)
  const rows = page.rows.map(({ id, name, barcode }) => ({
    product: { id, name, barcode },
    ...compareOffers(byProduct.get(id) ?? [], {
      sellers,
      includeStale: query.include_stale === true,
    }),
  }))
  return { ...page, rows }
}

async function readOffers(
  context: ReadContext,
  { store_id, ...filters }: ComparisonQuery,
  { products, window }: { products: number[]; window: TimeWindow },
): Promise<Offer[]> {
  const { db } = context
  const stores = await findStoreIds(context, storeFilterOf(filters))
  const where = all(context, [
    amongIds(context, db`p.product_id`, products),
    inWindow(context, window),
    stores !== undefined && amongIds(context, db`p.store_id`, stores),
    store_id !== undefined && amongIds(context, db`p.store_id`, store_id),
  ])
  return db<Offer[]>`
    select p.product_id, p.store_id, p.agorot, ${saleIn(context, window)} as sale from pricing.prices p
    where ${where} order by p.product_id, p.agorot, p.store_id`
}

/** Compares the offers of one product, which are sorted by shelf price. */
function compareOffers(
  offers: readonly Offer[],
  { sellers, includeStale }: { sellers: ReadonlyMap<number, Seller>; includeStale: boolean },
): Omit<PriceComparison, 'product'> {
  const sold = offers.map((offer) => ({ offer, seller: requireSeller(sellers, offer) }))
  const { counted = [], left = [] } = Object.groupBy(sold, ({ seller }) =>
    includeStale || !seller.stale ? 'counted' : 'left',
  )
  const compared = counted.map(({ offer }) => offer)
  const [ranks, promotedRanks] = [
    computeRanks(compared.map(({ agorot }) => agorot)),
    computeRanks(compared.map(lowest)),
  ]
  const days = counted.map(({ seller }) => seller.day).sort()
  const promoted = toRange(
    compared.toSorted((a, b) => lowest(a) - lowest(b)),
    lowest,
  )
  const promotedStores = compared.filter(({ sale }) => sale !== null).length
  return {
    store_count: counted.length,
    stale_stores: left.length,
    observation_date: days.at(-1) ?? null,
    oldest_observation_date: days[0] ?? null,
    shelf: toRange(compared, ({ agorot }) => agorot),
    with_promotions: promoted && { ...promoted, promoted_stores: promotedStores },
    stores: [...counted, ...left].map(({ offer, seller }, i) => ({
      rank: ranks[i] ?? null,
      rank_with_promotions: promotedRanks[i] ?? null,
      store: seller.store,
      price: shekels(offer.agorot),
      discount_price: offer.sale === null ? null : shekels(offer.sale),
      observation_date: seller.day,
      stale: seller.stale,
    })),
  }
}

function requireSeller(sellers: ReadonlyMap<number, Seller>, { store_id }: Offer): Seller {
  const seller = sellers.get(store_id)
  if (seller === undefined)
    throw new Error(`Cannot compare prices: store ${store_id} was not loaded`)
  return seller
}

const lowest = ({ agorot, sale }: Offer) => sale ?? agorot

function toRange(ascending: readonly Offer[], priceOf: (offer: Offer) => number) {
  const [first] = ascending
  if (first === undefined) return null
  const cheapest = ascending
    .filter((offer) => priceOf(offer) === priceOf(first))
    .map(({ store_id }) => store_id)
  return { ...priceRange(ascending.map(priceOf)), cheapest: cheapest.sort((a, b) => a - b) }
}
