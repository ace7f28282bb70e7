import { notFound } from '../../../src/http/contract/app-error.ts'
import { formatTimestamp, readMoment } from '../../../src/http/contract/moment.ts'
import { shekels } from '../../../src/http/contract/money.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { all } from '../../../src/http/paging/conditions.ts'
import { countCheaply } from '../../../src/http/paging/count.ts'
import { type Page, readPage, type Sql } from '../../../src/http/paging/paging.ts'
import { findProduct, findProductsById } from '../../catalog/index.ts'
import { promotionTerms } from '../tables.ts'
import type {
  ProductPromotionsQuery,
  PromotionDetail,
  PromotionRow,
  PromotionsQuery,
} from './promotion-schemas.ts'

type TermsRow = typeof promotionTerms.$inferSelect & {
  chain_name: string | null
  store_count: number
}

/** @throws AppError VALIDATION_ERROR for an invalid `active_on` date */
export async function listPromotions(
  context: ReadContext,
  query: PromotionsQuery,
): Promise<Page<PromotionRow>> {
  const { db } = context
  const day = query.active_on === undefined ? undefined : dayOf(query.active_on)
  const listed = listedIn(context, query.store_id, day)
  const where = all(context, [
    db`exists (select ${listed})`,
    day !== undefined && db`(t.starts_at is null or t.starts_at < ${day.end})`,
    day !== undefined && db`(t.ends_at is null or t.ends_at >= ${day.start})`,
    day === undefined &&
      query.include_ended !== true &&
      db`(t.ends_at is null or t.ends_at >= ${readMoment('day', context.day, 'start')})`,
    ...conditions(context, query),
  ])
  const page = await readPage<TermsRow>(context, query, {
    name: 'promotions',
    sorts: {
      id: { column: promotionTerms.id, alias: 't' },
      starts_at: { column: promotionTerms.starts_at, alias: 't' },
      ends_at: { column: promotionTerms.ends_at, alias: 't' },
      chain_id: { column: promotionTerms.chain_id, alias: 't' },
    },
    order: ['id'],
    unique: ['id'],
    total: () => countCheaply(context, db`select from pricing.promotion_terms t where ${where}`),
    rows: ({ keys, after, order, limit }) => db`
      with page as materialized (
        select t.*, ${keys} from pricing.promotion_terms t where ${where} ${after} order by ${order} ${limit}
      )
      select t.*, c.name as chain_name, (select count(distinct s.store_id)::integer ${listed}) as store_count
      from page t left join catalog.chains c on c.id = t.chain_id order by ${order}`,
  })
  return { ...page, rows: page.rows.map(toPromotion) }
}

/** @throws AppError PRODUCT_NOT_FOUND */
export async function listProductPromotions(
  context: ReadContext,
  { id, ...query }: ProductPromotionsQuery,
): Promise<Page<PromotionRow>> {
  const product = await findProduct(context, { id })
  return listPromotions(context, { ...query, product_id: product.id })
}

/** @throws AppError PROMOTION_NOT_FOUND */
export async function findPromotion(
  context: ReadContext,
  { id }: { id: number },
): Promise<PromotionDetail> {
  const { db } = context
  const [row] = await db<(TermsRow & { store_ids: number[] })[]>`
    select t.*, c.name as chain_name, cardinality(stores.ids) as store_count, stores.ids as store_ids
    from pricing.promotion_terms t left join catalog.chains c on c.id = t.chain_id
      cross join lateral (select array(select distinct s.store_id ${listedIn(context)} order by s.store_id) as ids) stores
    where t.id = ${id}`
  if (row === undefined) throw notFound('PROMOTION_NOT_FOUND', `promotion ${id}`)
  const products = await findProductsById(context, row.product_ids)
  return {
    ...toPromotion(row),
    products: [...products.values()].map(({ id, product_name, barcode }) => ({
      id,
      name: product_name,
      barcode,
    })),
    unknown_codes: row.unknown_codes,
    gift_codes: row.gift_codes,
    store_ids: row.store_ids,
  }
}

type Day = { start: Date; end: Date }

function dayOf(date: string): Day {
  return {
    start: readMoment('active_on', date, 'start'),
    end: readMoment('active_on', date, 'end'),
  }
}

/** `from pricing.promotions s`: terms `t` are listed now, or were listed on a given day. */
function listedIn({ db }: ReadContext, storeId?: number, day?: Day): Sql {
  const when =
    day === undefined
      ? db`s.valid_to is null`
      : db`s.valid_from < ${day.end} and (s.valid_to is null or s.valid_to > ${day.start})`
  return db`from pricing.promotions s where s.terms_id = t.id and ${when}
    and ${storeId === undefined ? db`true` : db`s.store_id = ${storeId}`}`
}

function conditions(
  { db }: ReadContext,
  { chain_id, product_id, club, coupon, kind, computable }: PromotionsQuery,
): (Sql | false)[] {
  return [
    chain_id !== undefined && db`t.chain_id = ${chain_id}`,
    product_id !== undefined && db`t.product_ids @> array[${product_id}::integer]`,
    club !== undefined && db`(t.clubs = '{}' or ${club} = any(t.clubs))`,
    coupon !== undefined && db`t.coupon = ${coupon}`,
    kind !== undefined && db`t.kind = ${kind}`,
    computable !== undefined &&
      db`(t.not_computable is null and t.item_objection is null) = ${computable}`,
  ]
}

function toPromotion(row: TermsRow): PromotionRow {
  const amount = row.agorot === null ? null : shekels(row.agorot)
  const objection = row.not_computable ?? row.item_objection
  return {
    id: row.id,
    promotion_id: row.code,
    chain_id: row.chain_id,
    chain_name: row.chain_name,
    description: row.description,
    remark: row.remark,
    kind: row.kind,
    computable: objection === null,
    not_computable: objection,
    described: row.described,
    difference: row.difference,
    conditions_from: row.conditions_from,
    condition_words: row.condition_words,
    quantity: row.quantity / 1000,
    price: row.kind === 'amount_off' ? null : amount,
    amount_off: row.kind === 'amount_off' ? amount : null,
    percent: row.rate === null ? null : row.rate / 100,
    max_quantity: row.max_quantity === null ? null : row.max_quantity / 1000,
    min_basket: row.min_basket_agorot === null ? null : shekels(row.min_basket_agorot),
    clubs: row.clubs,
    coupon: row.coupon,
    weekdays: row.weekdays,
    starts_at: row.starts_at && formatTimestamp(row.starts_at),
    ends_at: row.ends_at && formatTimestamp(row.ends_at),
    product_count: row.product_ids.length,
    store_count: row.store_count,
  }
}
