import { csvFile } from './masking.ts'
import { folderOf } from './price-files.ts'
import type { Promotion, PromotionList } from './promotions.ts'

const PREFIX = ['found_folder', 'file_name', 'chainid', 'subchainid', 'storeid', 'bikoretno']

/** The three forms in which chains publish promotions. A and B are a row a promotion, C is a row an item. */
const columns = {
  A: [
    ...[
      'promotionid',
      'promotiondescription',
      'promotionupdatedate',
      'promotionstartdate',
      'promotionstarthour',
      'promotionenddate',
    ],
    ...[
      'promotionendhour',
      'rewardtype',
      'discountrate',
      'allowmultiplediscounts',
      'isweightedpromo',
      'minqty',
      'discountedprice',
    ],
    ...['minnoofitemofered', 'additionalrestrictions', 'promotionitems', 'clubs'],
  ],
  B: [
    ...['promotionid', 'promotiondescription', 'promotionupdatedate', 'promotionstartdatetime', 'promotionenddatetime'],
    ...['redemptionlimit', 'minnoofitemoffered', 'clubid', 'additionaliscoupon', 'groups'],
  ],
  C: [
    ...[
      'promotionid',
      'itemcode',
      'promotiondetails',
      'promotionstartdate',
      'promotionenddate',
      'rewardtype',
      'discountrate',
      'minqty',
    ],
    ...['discountedprice', 'giftsitems', 'additionalscoupon', 'minpurchaseamount', 'minnoofitemsoffered', 'clubid'],
  ],
}

/** One CSV of a version: all promotion lists of a chain and family. */
export function promoFile(lists: readonly PromotionList[], day: string): string {
  const chain = lists[0]?.store.chain
  if (chain === undefined) throw new Error('Cannot write a promotion file: it has no lists')
  const blocks = lists.map((list) => promoRows(list, day))
  return csvFile([...PREFIX, ...columns[chain.promotions]], blocks, { form: 'new', mixedLineEnds: false })
}

/** The rows of one source file, unmasked. */
export function promoRows(list: PromotionList, day: string): string[][] {
  const { chain, number } = list.store
  const store = String(number).padStart(chain.storePadding.price, '0')
  const prefix = [`dumps/${folderOf(chain.slug)}`, list.fileName, chain.id, chain.subChain, store, String(number % 10)]
  return list.promotions.flatMap((promotion) => {
    const codes = promotion.articles.map(({ code }) => code.padStart(chain.codePadding, '0'))
    const rows = {
      A: () => [dialectA(promotion, codes, day)],
      B: () => [dialectB(promotion, codes, day)],
      C: () => codes.map((code) => dialectC(promotion, code)),
    }
    return rows[chain.promotions]().map((cells) => [...prefix, ...cells])
  })
}

function dialectA(promotion: Promotion, codes: string[], day: string): string[] {
  const { reward, rate, quantity, price } = terms(promotion)
  const item = codes.map((itemcode) => ({ itemcode, itemtype: '1', isgiftitem: '0' }))
  return [
    ...[
      promotion.id,
      promotion.description,
      `${day} 02:40:00`,
      promotion.startDate,
      '00:00:00',
      promotion.endDate,
      '23:59:00',
    ],
    ...[reward, rate, '1', promotion.deal.kind === 'weight' ? '1' : '0', quantity, price, '1'],
    json({ additionaliscoupon: promotion.coupon ? '1' : '0', additionalisactive: '1' }),
    ...[json({ item: single(item) }), json({ clubid: promotion.club })],
  ]
}

function dialectB(promotion: Promotion, codes: string[], day: string): string[] {
  const { reward, rate, quantity, price } = terms(promotion)
  const promotionitem = codes.map((itemcode) => ({
    itemcode,
    rewardtype: reward,
    minqty: quantity,
    discountrate: rate,
    discountedprice: price,
  }))
  return [
    ...[
      promotion.id,
      promotion.description,
      `${day} 02:40:00`,
      `${promotion.startDate} 00:00:00`,
      `${promotion.endDate} 23:59:00`,
    ],
    ...['', '1', promotion.club, promotion.coupon ? '1' : '0'],
    json({ group: { groupid: '1', minpurchaseamount: '0', promotionitems: { promotionitem: single(promotionitem) } } }),
  ]
}

function dialectC(promotion: Promotion, code: string): string[] {
  const { reward, rate, quantity, price } = terms(promotion)
  return [
    ...[promotion.id, code, promotion.description, promotion.startDate, promotion.endDate, reward, rate, quantity],
    ...[price, '', promotion.coupon ? '1' : '0', '0', '1', promotion.club],
  ]
}

function terms({ deal }: Promotion): { reward: string; rate: string; quantity: string; price: string } {
  switch (deal.kind) {
    case 'bundle':
      return { reward: '10', rate: '', quantity: String(deal.quantity), price: (deal.agorot / 100).toFixed(2) }
    case 'percent':
      return { reward: '2', rate: `${deal.percent}.00`, quantity: '1', price: '' }
    case 'weight':
      return { reward: '1', rate: '', quantity: deal.from.toFixed(2), price: (deal.agorot / 100).toFixed(2) }
    case 'second free':
      return { reward: '9', rate: '10000', quantity: '2', price: '' }
    case 'gift':
      return { reward: '6', rate: '', quantity: '1', price: '' }
  }
}

/** One child is an object, several are an array. */
function single<T>(items: T[]): T | T[] {
  return items.length === 1 && items[0] !== undefined ? items[0] : items
}

/** JSON with the publisher's spaces: after every comma and colon outside strings. */
function json(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(json).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${json(member)}`)
  return `{${members.join(', ')}}`
}
