import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Sql } from '../../../src/db/connect.ts'
import { readMigrations } from '../../../src/db/migrate.ts'
import {
  type Bench,
  CHAIN,
  deltas,
  type Files,
  fullLists,
  item,
  marketOf,
  openBench,
} from '../testing/ingest.ts'
import { itemsOf, promoCsv, promoSource } from '../testing/promo-rows.ts'

const SECOND = '7290000000024'
const THIRD = '7290000000031'
/**
 * Items: one code of three chains for three products, one of two chains, one of a single chain, and
 * a barcode.
 */
const [FRUIT, DELIVERY, BREAD, COLA] = [
  '7290000000114',
  '2000000000008',
  '7290000000169',
  '7290000170130',
]

const promotion = (codes: string[], at: string, chain: string) =>
  promoSource(
    [
      {
        promotionid: '1',
        promotiondescription: 'ב 3',
        promotionstartdate: '2026-05-01',
        promotionenddate: '2026-05-20',
        rewardtype: '1',
        minqty: '1',
        discountedprice: '3.00',
        promotionitems: itemsOf(...codes),
      },
    ],
    { chain, at },
  )

/**
 * Three days of three chains. The second day has a delta list; on the third day one chain renames
 * its fruit.
 */
function filesOf(day: number): Files {
  const at = `2026050${day}0300`
  const weighed = { bisweighted: '1' }
  const lists = [
    {
      chain: CHAIN,
      rows: [item(FRUIT, '8', 'חציל'), item(BREAD, '7', 'לחם'), item(COLA, '5', 'קולה')],
    },
    {
      chain: SECOND,
      rows: [
        { ...item(FRUIT, String(20 + day), day === 3 ? 'פטריות יער' : 'פטריות'), ...weighed },
        item(DELIVERY, '30', 'משלוח'),
        item(COLA, '6', 'קולה'),
      ],
    },
    {
      chain: THIRD,
      rows: [
        item(FRUIT, '39.90', 'תפוח עץ סטרקינג'),
        item(DELIVERY, '2', 'שקית'),
        item(COLA, '7', 'קולה'),
      ],
    },
  ]
  return {
    'price_full_file_x.csv': fullLists(
      lists.map((list) => ({ ...list, at })),
      ['bisweighted'],
    ),
    'price_file_x.csv': deltas([
      {
        chain: THIRD,
        at: `2026050${day}1200`,
        rows: [item(FRUIT, `${30 - day}`, 'תפוח'), item(COLA, '8', 'קולה')],
      },
    ]),
    'promo_full_file_x.csv': promoCsv(
      promotion([FRUIT, COLA], at, CHAIN),
      promotion([FRUIT, DELIVERY], at, SECOND),
      promotion([BREAD, DELIVERY], at, THIRD),
    ),
  }
}

/** Rewrites a database to the state before the migration: one product per code. */
async function mergeChainCodes(sql: Sql): Promise<void> {
  const shared = [FRUIT, DELIVERY, BREAD]
  await sql.begin(async (tx) => {
    await tx`create temp table merged on commit drop as
      select id, code, min(id) over (partition by code) as first from catalog.products where code = any(${shared})`
    await tx`update catalog.product_descriptions d set product_id = first from merged m where m.id = d.product_id`
    await tx`delete from pricing.product_spans where product_id in (select id from merged)`
    for (const table of ['prices', 'sales', 'reductions'])
      await tx`update pricing.${tx(table)} x set product_id = first from merged m where m.id = x.product_id`
    await tx`update pricing.price_lists set product_ids = array(
      select coalesce(first, x) from unnest(product_ids) x left join merged m on m.id = x order by 1)
      where product_ids is not null`
    await tx`update pricing.promotion_terms set
      product_ids = array(select coalesce(first, x) from unnest(product_ids) x left join merged m on m.id = x
        union select first from unnest(unknown_codes) c join merged m on m.code = c order by 1),
      unknown_codes = array(select c from unnest(unknown_codes) c where c not in (select code from merged))`
    await tx`delete from catalog.products where id in (select id from merged where id <> first)`
    await tx`update catalog.products set chain_id = null, min_agorot = 1, search = '', chain_ids = '{}', name = 'X',
      names = '{X}' where id in (select id from merged)`
    await tx`update core.generation set
      stats = stats || jsonb_build_object('products', (select count(*) from catalog.products))`
  })
}

const split = readMigrations().find(({ name }) => name === '0030_chain_codes')?.up ?? ''

let bench: Bench
let paths: string[] = []
beforeAll(async () => {
  bench = await openBench()
  for (const day of [1, 2, 3]) paths = [...paths, await bench.write(`day-${day}`, filesOf(day))]
})
afterAll(() => bench.close())

test('the migration splits merged chain codes like loading from scratch, in any order of versions', async () => {
  const { sql } = bench
  await bench.ingest(paths)
  const market = await marketOf(sql)
  const ids = await sql`select id, code from catalog.products where code in (${FRUIT}, ${COLA})
    order by code, chain_id nulls first`
  expect(ids.length).toBe(4)

  await mergeChainCodes(sql)
  expect(await marketOf(sql)).not.toEqual(market)
  await sql.begin((tx) => tx.unsafe(split))
  const [first] = await sql`select id from catalog.products where code = ${COLA}`
  expect(first?.id).toBe(ids.find(({ code }) => code === COLA)?.id)
  const shown =
    await sql`select chain_id, name, min_agorot from catalog.products where code = ${FRUIT}
    order by chain_id`
  expect([...shown]).toEqual([
    { chain_id: CHAIN, name: 'חציל', min_agorot: 800 },
    { chain_id: SECOND, name: 'פטריות יער', min_agorot: 2300 },
    { chain_id: THIRD, name: 'תפוח', min_agorot: 2700 },
  ])
  await bench.ingest([])
  expect(await marketOf(sql)).toEqual(market)
  await bench.ingest(paths, { force: true })
  expect(await marketOf(sql)).toEqual(market)

  await bench.empty()
  await bench.ingest(paths.toReversed())
  expect(await marketOf(sql)).toEqual(market)
})
