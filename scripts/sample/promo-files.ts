import { csvFile } from './masking.ts'
import { folderOf } from './price-files.ts'
import type { Promotion, PromotionList } from './promotions.ts'

const PREFIX = ['found_folder', 'file_name', 'chainid', 'subchainid', 'storeid', 'bikoretno']

/** The three dialects of promotion files. A and B have a row per promotion, C a row per item. */
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
      'discounttype',
      'discountrate',
      'allowmultiplediscounts',
      'isweightedpromo',
      'minqty',
      'maxqty',
      'minpurchaseamnt',
      'discountedprice',
    ],
    ...['minnoofitemofered', 'additionalrestrictions', 'promotionitems', 'clubs'],
  ],
  B: [
    ...[
      'promotionid',
      'promotiondescription',
      'promotionupdatedate',
      'promotionstartdatetime',
      'promotionenddatetime',
    ],
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
      'discounttype',
      'discountrate',
      'minqty',
      'maxqty',
    ],
    ...[
      'discountedprice',
      'giftsitems',
      'additionalscoupon',
      'minpurchaseamount',
      'minnoofitemsoffered',
      'clubid',
    ],
  ],
}

/** One CSV of a version: all promotion lists of a chain and family. */
export function promoFile(lists: readonly PromotionList[], day: string): string {
  const chain = lists[0]?.store.chain
  if (chain === undefined) throw new Error('Cannot write a promotion file: it has no lists')
  const blocks = lists.map((list) => promoRows(list, day))
  return csvFile([...PREFIX, ...columns[chain.promotions]], blocks, {
    form: 'new',
    mixedLineEnds: false,
  })
}

/** The rows of one source file, unmasked. */
export function promoRows(list: PromotionList, day: string): string[][] {
  const { chain, number } = list.store
  const store = String(number).padStart(chain.storePadding.price, '0')
  const prefix = [
    `dumps/${folderOf(chain.slug)}`,
    list.fileName,
    chain.id,
    chain.subChain,
    store,
    String(number % 10),
  ]
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
  const { reward, type, rate, quantity, price } = terms(promotion)
  const { limit, minBasket } = promotion
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
    ...[
      reward,
      type,
      rate,
      '1',
      promotion.deal.kind === 'weight' ? '1' : '0',
      quantity,
      limit.toFixed(2),
    ],
    ...[(minBasket / 100).toFixed(2), price, '1'],
    json({ additionaliscoupon: promotion.coupon ? '1' : '0', additionalisactive: '1' }),
    ...[json({ item: single(item) }), json({ clubid: promotion.club })],
  ]
}

function dialectB(promotion: Promotion, codes: string[], day: string): string[] {
  const { reward, type, rate, quantity, price } = terms(promotion)
  const minpurchaseamount = (promotion.minBasket / 100).toFixed(2)
  const promotionitem = codes.map((itemcode) => ({
    itemcode,
    rewardtype: reward,
    minqty: quantity,
    maxqty: String(promotion.limit),
    discountrate: rate,
    discountedprice: price,
    bisweighted: promotion.deal.kind === 'weight' ? '1' : '0',
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
    json({
      group: {
        groupid: '1',
        minpurchaseamount,
        discounttype: type,
        promotionitems: { promotionitem: single(promotionitem) },
      },
    }),
  ]
}

function dialectC(promotion: Promotion, code: string): string[] {
  const { reward, type, rate, quantity, price } = terms(promotion)
  const { limit, minBasket } = promotion
  return [
    ...[
      promotion.id,
      code,
      promotion.description,
      promotion.startDate,
      promotion.endDate,
      reward,
      type,
      rate,
      quantity,
    ],
    ...[
      String(limit),
      price,
      '',
      promotion.coupon ? '1' : '0',
      String(minBasket / 100),
      '1',
      promotion.club,
    ],
  ]
}

function terms({ deal }: Promotion) {
  const none = { type: '0', rate: '', quantity: '1', price: '' }
  switch (deal.kind) {
    case 'bundle':
      return {
        ...none,
        reward: '10',
        quantity: String(deal.quantity),
        price: (deal.agorot / 100).toFixed(2),
      }
    case 'percent':
      return { ...none, reward: '2', rate: `${deal.percent}.00` }
    case 'weight':
      return {
        ...none,
        reward: '1',
        quantity: deal.from.toFixed(2),
        price: (deal.agorot / 100).toFixed(2),
      }
    case 'second free':
      return { ...none, reward: '9', rate: '10000', quantity: '2' }
    case 'amount':
      return { ...none, reward: '3', type: '1', rate: String(deal.agorot) }
    case 'gift':
      return { ...none, reward: '6' }
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
  const members = Object.entries(value).map(
    ([key, member]) => `${JSON.stringify(key)}: ${json(member)}`,
  )
  return `{${members.join(', ')}}`
}
