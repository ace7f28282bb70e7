import type { Sql } from '../db/connect.ts'
import { insertPromotionFixtures } from './promotion-fixtures.ts'

/**
 * Two chains, three stores (one of them stale), five products, nine spans, seen by eight price
 * lists:
 *
 * | product | store 1 | store 2 | store 3 (stale) |
 * |---|---|---|---|
 * | 1 milk, 1 liter | 6.90 from 9 Aug, 6.50 from 11 Aug | 7.11 from 10 Aug | 5.00 from 1 Aug |
 * | 2 chips, 50 gram | 4.50 9–11 Aug, 4.50 again from 12 Aug | | |
 * | 3 tomatoes by weight, a code of chain 1 | 9.90 from 9 Aug | | |
 * | 4 tomatoes, the same code of chain 2 | | 8.90 from 10 Aug | |
 * | 5 cottage cheese, in no store now | 5.55 9–10 Aug | | |
 */
export async function insertFixtures(sql: Sql): Promise<void> {
  const at = '2026-08-09T09:00:00Z'
  const chains = [
    { id: '7290027600007', name: 'שופרסל', slugs: ['shufersal'] },
    { id: '7290058140886', name: 'רמי לוי', slugs: ['rami_levy', 'rami'] },
  ]
  await sql`insert into catalog.chains ${sql(chains.map((chain) => ({ ...chain, created_at: at, updated_at: at })))}`
  const store = {
    sub_chain: null,
    store_type: null,
    city: null,
    city_code: null,
    address: null,
    zip: null,
    created_at: at,
    updated_at: at,
  }
  await sql`insert into catalog.stores ${sql([
    {
      ...store,
      id: 1,
      chain_id: '7290027600007',
      store_number: 413,
      name: 'שלי ירושלים',
      sub_chain: 'שופרסל שלי',
      store_type: 'physical',
      city: 'ירושלים',
      city_code: '3000',
      address: 'יפו 1',
      zip: '9414101',
      last_observed_at: '2026-08-20T00:00:00Z',
    },
    {
      ...store,
      id: 2,
      chain_id: '7290058140886',
      store_number: 1,
      name: 'תלפיות',
      city: 'תל אביב-יפו',
      last_observed_at: '2026-08-20T01:00:00Z',
    },
    {
      ...store,
      id: 3,
      chain_id: '7290058140886',
      store_number: 2,
      name: null,
      last_observed_at: '2026-08-01T00:00:00Z',
    },
  ])}`
  const product = {
    manufacturer: null,
    unit_of_measure: null,
    unit_quantity: null,
    is_weighted: false,
    chain_id: null,
  }
  const none = { min_agorot: null, max_agorot: null, sum_agorot: null, store_count: 0 }
  const noneEver = {
    all_min_agorot: null,
    all_max_agorot: null,
    all_sum_agorot: null,
    all_store_count: 0,
  }
  const one = (agorot: number) => ({
    min_agorot: agorot,
    max_agorot: agorot,
    sum_agorot: agorot,
    store_count: 1,
  })
  const oneEver = (agorot: number) => ({
    all_min_agorot: agorot,
    all_max_agorot: agorot,
    all_sum_agorot: agorot,
    all_store_count: 1,
  })
  const products = [
    {
      ...product,
      id: 1,
      code: '7290000000123',
      search: `'חלב':1A '3%':1B '1':1B 'ליטר':1B 'טרי':1C 'תנובה':1C '^ח' '=v1000'`,
      ...{ category: 'Dairy', subcategory: 'Milk', category_rule: 'חלב' },
      names: ['חלב 3% 1 ליטר', 'חלב טרי תנובה'],
      manufacturer: 'תנובה',
      unit_of_measure: 'liter',
      unit_quantity: '1',
      ...{ min_agorot: 650, max_agorot: 711, sum_agorot: 1361, store_count: 2 },
      ...{ all_min_agorot: 500, all_max_agorot: 711, all_sum_agorot: 1861, all_store_count: 3 },
      chain_ids: ['7290027600007', '7290058140886'],
    },
    {
      ...product,
      id: 2,
      code: '7290000000456',
      search: `'ציפס':1A '50':1B 'גרם':1B 'אסם':1 '^צ' '=m50'`,
      ...{ category: 'Snacks', subcategory: 'Salty Snacks', category_rule: 'ציפס' },
      names: ["צ'יפס 50גרם"],
      manufacturer: 'אסם',
      unit_of_measure: 'gram',
      unit_quantity: '50',
      ...one(450),
      ...oneEver(450),
      chain_ids: ['7290027600007'],
    },
    {
      ...product,
      id: 3,
      code: '1048',
      search: `'עגבניות':1A '^ע'`,
      ...{ category: 'Fruit and Vegetables', subcategory: 'Vegetables', category_rule: 'עגבניות' },
      chain_id: '7290027600007',
      names: ['עגבניות'],
      is_weighted: true,
      ...one(990),
      ...oneEver(990),
      chain_ids: ['7290027600007'],
    },
    {
      ...product,
      id: 4,
      code: '1048',
      search: `'עגבניה':1A '^ע'`,
      ...{ category: 'Fruit and Vegetables', subcategory: 'Vegetables', category_rule: 'עגבניה' },
      chain_id: '7290058140886',
      names: ['עגבניה'],
      is_weighted: true,
      ...one(890),
      ...oneEver(890),
      chain_ids: ['7290058140886'],
    },
    {
      ...product,
      id: 5,
      code: '7290000000789',
      search: `'גבינת':1A 'קוטג':1A '5%':1B 'תנובה':1 '^ג'`,
      ...{ category: 'Dairy', subcategory: 'Soft Cheese', category_rule: 'גבינת קוטג' },
      names: ['גבינת קוטג׳ 5%'],
      manufacturer: 'תנובה',
      ...none,
      ...noneEver,
      chain_ids: [],
    },
  ]
  for (const row of products) {
    const rest = { ...row, name: row.names[0] ?? '', created_at: at, updated_at: at }
    await sql`insert into catalog.products ${sql(rest)}`
  }
  await insertPrices(sql)
  await insertPromotionFixtures(sql)
  const stats = {
    chains: 2,
    stores: 3,
    products: 5,
    current_prices: 6,
    price_spans: 9,
    current_promotions: 4,
    rejects: 1,
  }
  await sql`update core.generation set number = 4, published_at = '2026-08-20T09:00:00Z', stats = ${sql.json(stats)},
    last_observed_at = '2026-08-20T01:00:00Z', stale_before = '2026-08-13T01:00:00Z'`
  await insertRecords(sql)
}

async function insertPrices(sql: Sql): Promise<void> {
  const list = (
    id: number,
    store_id: number,
    observed_at: string,
    product_ids: number[] | null = null,
  ) => {
    const kind = product_ids === null ? 'full' : 'delta'
    const digests = { sha256: Buffer.from([id]), content: Buffer.from([id]) }
    return {
      id,
      store_id,
      observed_at,
      kind,
      file_name: `list-${id}`,
      ...digests,
      rows: 3,
      product_ids,
    }
  }
  await sql`insert into pricing.price_lists ${sql([
    list(1, 1, '2026-08-09T00:00:00Z'),
    list(2, 2, '2026-08-10T00:00:00Z'),
    list(3, 3, '2026-08-01T00:00:00Z'),
    list(4, 1, '2026-08-10T21:30:00Z', [2, 5]),
    list(5, 1, '2026-08-11T00:00:00Z', [1]),
    list(6, 1, '2026-08-12T00:00:00Z'),
    list(7, 1, '2026-08-20T00:00:00Z'),
    list(8, 2, '2026-08-20T01:00:00Z'),
  ])}`
  const seen = (
    chain_id: string,
    day: string,
    last_list_at: string,
    counts: Partial<Record<string, number>> = {},
  ) => {
    const prices = { stores: 1, full_stores: 1, items: 3, full_lists: 1, delta_lists: 0 }
    return { chain_id, day, ...prices, promotions: 0, promotion_lists: 0, ...counts, last_list_at }
  }
  const promotions = { promotions: 4, promotion_lists: 1 }
  const deltas = { full_stores: 0, items: 0, full_lists: 0, delta_lists: 2 }
  await sql`insert into pricing.coverage ${sql([
    seen('7290058140886', '2026-08-01', '2026-08-01T00:00:00Z'),
    seen('7290027600007', '2026-08-09', '2026-08-09T00:00:00Z', promotions),
    seen('7290058140886', '2026-08-10', '2026-08-10T00:00:00Z', promotions),
    seen('7290027600007', '2026-08-11', '2026-08-11T00:00:00Z', deltas),
    seen('7290027600007', '2026-08-12', '2026-08-12T00:00:00Z', promotions),
    seen('7290027600007', '2026-08-20', '2026-08-20T00:00:00Z'),
    seen('7290058140886', '2026-08-20', '2026-08-20T01:00:00Z'),
  ])}`
  const span = (
    product_id: number,
    store_id: number,
    agorot: number,
    from: string,
    to: string | null,
    list_id: number,
  ) => {
    return { product_id, store_id, agorot, valid_from: from, valid_to: to, list_id }
  }
  await sql`insert into pricing.prices ${sql([
    span(1, 1, 690, '2026-08-09T00:00:00Z', '2026-08-11T00:00:00Z', 1),
    span(1, 1, 650, '2026-08-11T00:00:00Z', null, 5),
    span(1, 2, 711, '2026-08-10T00:00:00Z', null, 2),
    span(1, 3, 500, '2026-08-01T00:00:00Z', null, 3),
    span(2, 1, 450, '2026-08-09T00:00:00Z', '2026-08-10T21:30:00Z', 1),
    span(2, 1, 450, '2026-08-12T00:00:00Z', null, 6),
    span(3, 1, 990, '2026-08-09T00:00:00Z', null, 1),
    span(4, 2, 890, '2026-08-10T00:00:00Z', null, 2),
    span(5, 1, 555, '2026-08-09T00:00:00Z', '2026-08-10T21:30:00Z', 1),
  ])}`
}

async function insertRecords(sql: Sql): Promise<void> {
  const at = '2026-08-20T08:00:00Z'
  const run = { trigger: 'test', started_at: at, finished_at: '2026-08-20T09:00:00Z', error: null }
  await sql`insert into ingestion.runs ${sql([
    { ...run, status: 'completed', summary: sql.json({ status: 'completed' }) },
    { ...run, status: 'failed', summary: null, error: 'Cannot read x.zip: not a zip' },
  ])}`
  await sql`insert into ingestion.datasets ${sql({
    dataset_id: 'erlichsefi/israeli-supermarkets-2024',
    version: '2026-08-20',
    download_date: '2026-08-20',
    total_files: 12,
    total_records: 70_123,
    manifest_path: '2026-08-20.zip/index.json',
    status: 'completed',
    created_at: at,
    completed_at: '2026-08-20T09:00:00Z',
  })}`
  await sql`insert into ingestion.rejects ${sql({
    run_id: 1,
    dataset: '2026-08-20',
    file_name: 'price_file_x.csv',
    line: 7,
    reason: 'no price',
    raw: 'a,b',
    list_sha256: Buffer.from([9]),
    list_row: 1,
  })}`
}
