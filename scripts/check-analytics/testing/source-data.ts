import { CHAIN, type Files, fullLists, item } from '../../../modules/ingestion/testing/ingest.ts'
import { itemsOf, promoCsv, promoSource } from '../../../modules/ingestion/testing/promo-rows.ts'
import { daysBefore } from '../slow-market.ts'

export const CODE = '7290000170130'

/** A store's shelf price (shekels) on a day, and the price of a promotion if there is one. */
export type PriceRecord = {
  chain?: string
  store?: string
  day: string
  shelf: number
  sale?: number | undefined
  code?: string
}

const at = (day: string) => `${day.replaceAll('-', '')}0300`

/** The files of a version: a full list of prices and one of promotions for each store and day. */
export function filesOf(records: readonly PriceRecord[]): Files {
  const lists = [
    ...Map.groupBy(
      records,
      ({ chain = CHAIN, store = '1', day }) => `${chain} ${store} ${day}`,
    ).values(),
  ]
  const prices = lists.map((records) => ({
    chain: records[0]?.chain ?? CHAIN,
    store: records[0]?.store ?? '1',
    at: at(records[0]?.day ?? ''),
    rows: records.map(({ code = CODE, shelf }) => item(code, shelf.toFixed(2))),
  }))
  const promotions = lists.map((records) => {
    const [{ chain = CHAIN, store = '1', day } = { day: '' }] = records
    const on = records.filter(({ sale }) => sale !== undefined)
    const rows = on.map(({ code = CODE, sale = 0 }, i) => ({
      promotionid: `${i + 1}`,
      promotiondescription: `ב ${sale}`,
      promotionstartdate: daysBefore(day, 3),
      promotionenddate: daysBefore(day, -3),
      rewardtype: '1',
      minqty: '1',
      discountedprice: sale.toFixed(2),
      promotionitems: itemsOf(code),
    }))
    const none = { promotionid: '99', rewardtype: '6', promotionitems: itemsOf('7290000000999') }
    return promoSource(rows.length > 0 ? rows : [none], { chain, store, at: at(day) })
  })
  return {
    'price_full_file_x.csv': fullLists(prices),
    'promo_full_file_x.csv': promoCsv(...promotions),
  }
}
