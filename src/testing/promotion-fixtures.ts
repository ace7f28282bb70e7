import type { Sql } from '../db/connect.ts'

/**
 * Promotions of the fixtures, in August 2026:
 *
 * | terms | where | what |
 * |---|---|---|
 * | 1 | store 1 | milk for 5.90, all August |
 * | 2 | store 1 | two chips for 8, all August |
 * | 3 | store 1 | milk for 4.90 to members of club 1, all August |
 * | 4 | store 1, 9–12 Aug | chips, and a code that nobody sells: a gift |
 * | 5 | store 2 | a fifth off tomatoes, from 25 Aug |
 */
export async function insertPromotionFixtures(sql: Sql): Promise<void> {
  const terms = {
    chain_id: '7290027600007',
    kind: 'bundle_price',
    not_computable: null,
    quantity: 1000,
    weight_unsettled: false,
    agorot: null,
    rate: null,
    coupon: false,
    starts_at: '2026-07-31T21:00:00Z',
    ends_at: '2026-08-31T20:59:00Z',
    unit_agorot: null,
    unit_rate: null,
    unit_goods: null,
    described: 'agrees',
    clubs: [],
    unknown_codes: [],
    gift_codes: [],
    created_at: '2026-08-09T09:00:00Z',
  }
  const rows = [
    {
      ...terms,
      description: 'חלב 3% ב 5.90',
      agorot: 590,
      unit_agorot: 590,
      unit_goods: 'any',
      product_ids: [1],
    },
    { ...terms, description: 'ציפס 2 ב 8', quantity: 2000, agorot: 800, product_ids: [2] },
    { ...terms, description: 'חלב 3% ב 4.90 מועדון', agorot: 490, clubs: ['1'], product_ids: [1] },
    {
      ...terms,
      description: 'קנה ציפס קבל מתנה',
      kind: 'gift',
      not_computable: 'a gift',
      product_ids: [2],
      unknown_codes: ['7290000000999'],
    },
    {
      ...terms,
      description: 'עגבניה 20% הנחה',
      chain_id: '7290058140886',
      kind: 'percent_off',
      rate: 2000,
      unit_rate: 2000,
      unit_goods: 'any',
      starts_at: '2026-08-24T21:00:00Z',
      product_ids: [4],
    },
  ]
  for (const [i, row] of rows.entries()) {
    await sql`insert into pricing.promotion_keys ${sql({ id: i + 1, chain_id: row.chain_id, code: String(1001 + i) })}`
    await sql`insert into pricing.promotion_terms ${sql({ ...row, id: i + 1, digest: Buffer.from([i]), code: String(1001 + i) })}`
  }
  const list = (id: number, store_id: number, observed_at: string) => {
    const digests = { sha256: Buffer.from([100 + id]), content: Buffer.from([100 + id]) }
    return {
      id,
      store_id,
      observed_at,
      kind: 'full',
      file_name: `promotions-${id}`,
      ...digests,
      rows: 4,
    }
  }
  await sql`insert into pricing.promotion_lists ${sql([
    list(1, 1, '2026-08-09T00:00:00Z'),
    list(2, 1, '2026-08-12T00:00:00Z'),
    list(3, 2, '2026-08-10T00:00:00Z'),
  ])}`
  const span = (
    promotion_id: number,
    store_id: number,
    from: string,
    to: string | null,
    list_id: number,
  ) => {
    return {
      promotion_id,
      store_id,
      valid_from: from,
      valid_to: to,
      terms_id: promotion_id,
      list_id,
    }
  }
  await sql`insert into pricing.promotions ${sql([
    span(1, 1, '2026-08-09T00:00:00Z', null, 1),
    span(2, 1, '2026-08-09T00:00:00Z', null, 1),
    span(3, 1, '2026-08-09T00:00:00Z', null, 1),
    span(4, 1, '2026-08-09T00:00:00Z', '2026-08-12T00:00:00Z', 1),
    span(5, 2, '2026-08-10T00:00:00Z', null, 3),
  ])}`
  const sale = (
    product_id: number,
    store_id: number,
    terms_id: number,
    agorot: number,
    starts_on: string,
  ) => {
    return { product_id, store_id, terms_id, agorot, starts_on, ends_on: '2026-08-31' }
  }
  await sql`insert into pricing.sales ${sql([sale(1, 1, 1, 590, '2026-08-01'), sale(4, 2, 5, 712, '2026-08-25')])}`
  await sql`update catalog.products set sale_days = '{"[2026-08-01,2026-09-01)"}', sale_agorot = '{590}' where id = 1`
  await sql`update catalog.products set sale_days = '{"[2026-08-25,2026-09-01)"}', sale_agorot = '{712}' where id = 4`
}
