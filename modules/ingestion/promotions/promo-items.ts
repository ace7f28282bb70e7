import { productKey } from '../../catalog/index.ts'
import { readCode } from '../files/cell-code.ts'
import { numberText, readFlag } from '../files/cell-number.ts'
import { isNoValue } from '../files/cell-text.ts'
import type { ItemRole } from './promo-columns.ts'
import { childrenOf, memberText, plainText, readJson } from './promo-json.ts'

const LONGEST_CODE = 100

/** The raw item cells of one row. */
export type ItemCells = Record<ItemRole, string | null>

/**
 * The items and gifts of a promotion. `isgiftitem` marks gifts, or they have a separate cell
 * (dialect C).
 */
export type PromoItems = {
  /** Unique codes in ascending order, normalised like product codes. */
  itemCodes: string[]
  giftCodes: string[]
  /** The distinct prices of gifts that are not free. */
  giftPrices: string[]
}

/**
 * The terms of an item or a group in dialect B. They have the names of a row's terms and override
 * them.
 */
export type GroupCells = {
  minPurchase: string | null
  discountType: string | null
  rewardType: string | null
  minQuantity: string | null
  maxQuantity: string | null
  rate: string | null
  price: string | null
  weighted: string | null
}

/** Items that share their terms; `groups` are the ids of their groups. */
export type ItemPart = { cells: GroupCells; codes: Set<string>; groups: Set<string> }

/** Collects items of several cells and rows. */
export type ItemBasket = { items: Set<string>; gifts: Set<string>; giftPrices: Set<string> }

export function emptyBasket(): ItemBasket {
  return { items: new Set(), gifts: new Set(), giftPrices: new Set() }
}

export function listItems({ items, gifts, giftPrices }: ItemBasket): PromoItems {
  return {
    itemCodes: [...items].sort(),
    giftCodes: [...gifts].sort(),
    giftPrices: [...giftPrices].sort(),
  }
}

/** Adds a row's items to the basket. Returns the name of an unreadable cell, or null. */
export function addRowItems(basket: ItemBasket, cells: ItemCells, chainId: string): string | null {
  const { items, itemCode, isGift, gifts } = cells
  if (items !== null) {
    const json = readJson(items)
    if (json === undefined) return 'promotionitems'
    for (const item of childrenOf(json, 'item')) {
      const price = numberText(memberText(item, 'giftitemprice'))
      addItem(basket, { code: codeOf(item), gift: memberText(item, 'isgiftitem'), price, chainId })
    }
  }
  if (itemCode !== null) addItem(basket, { code: itemCode, gift: isGift, price: null, chainId })
  if (gifts !== null) {
    const json = /^\s*[[{"]/.test(gifts) ? readJson(gifts) : gifts
    if (json === undefined) return 'giftsitems'
    for (const item of childrenOf(json, 'item'))
      addItem(basket, { code: codeOf(item), gift: '1', price: null, chainId })
  }
  return null
}

/**
 * Adds the items of dialect B to the basket and returns the parts of its groups: items with the
 * same terms. Undefined for an unreadable cell.
 */
export function addGroupItems(
  basket: ItemBasket,
  text: string,
  chainId: string,
): ItemPart[] | undefined {
  const json = readJson(text)
  if (json === undefined) return undefined
  const parts = new Map<string, ItemPart>()
  for (const [place, group] of childrenOf(json, 'group').entries()) {
    const id = memberText(group, 'groupid') ?? `place ${place}`
    const parent = group as { promotionitems?: unknown } | null
    for (const item of childrenOf(parent?.promotionitems, 'promotionitem')) {
      const code = addItem(basket, {
        code: codeOf(item),
        gift: memberText(item, 'isgiftitem'),
        price: null,
        chainId,
      })
      const cells = groupCells(item, group)
      const key = Object.values(cells).join('\0')
      const part = parts.get(key) ?? { cells, codes: new Set(), groups: new Set() }
      part.groups.add(id)
      if (code !== null) part.codes.add(code)
      parts.set(key, part)
    }
  }
  return [...parts.values()]
}

/** The terms of an item override those of its group. */
function groupCells(item: unknown, group: unknown): GroupCells {
  const both = (...names: string[]) => {
    for (const name of names) {
      const text = memberText(item, name) ?? memberText(group, name)
      if (text !== null) return text
    }
    return null
  }
  return {
    minPurchase: numberText(both('minpurchaseamount', 'minpurchaseamnt')),
    discountType: both('discounttype'),
    rewardType: both('rewardtype'),
    minQuantity: numberText(both('minqty')),
    maxQuantity: numberText(both('maxqty')),
    rate: rateText(both('discountrate')),
    price: numberText(both('discountedprice')),
    weighted: flagText(both('bisweighted')),
  }
}

/**
 * A rate as a number. A rate with a percent sign gets decimals, which mark it as a percentage for
 * later steps.
 */
export function rateText(cell: string | null): string | null {
  const [, percent] = /^\s*(.*\d)\s*%\s*$/.exec(cell ?? '') ?? []
  const text = numberText(percent ?? cell)
  return percent !== undefined && /^\d+$/.test(text ?? '') ? `${text}.00` : text
}

/** A flag as `1` or `0`; any other text unchanged. */
export function flagText(cell: string | null): string | null {
  const flag = readFlag(cell)
  return flag === null ? cell : flag ? '1' : '0'
}

function codeOf(item: unknown): string | null {
  return plainText(item) ?? memberText(item, 'itemcode')
}

type NewItem = { code: string | null; gift: string | null; price: string | null; chainId: string }

/**
 * Codes of only zeros, or longer than in any price list, are ignored. An unreadable code is kept
 * unchanged among the unknown codes. Returns the code of an added item, null for a gift or an
 * ignored code.
 */
function addItem({ items, gifts, giftPrices }: ItemBasket, item: NewItem): string | null {
  const { code, gift, price, chainId } = item
  if (code === null || isNoValue(code)) return null
  const read = readCode(code)
  const key = productKey('code' in read ? read.code : code, chainId)
  if (key === null || key.code === '0' || key.code.length > LONGEST_CODE) return null
  if (readFlag(gift) !== true) {
    items.add(key.code)
    return key.code
  }
  gifts.add(key.code)
  if (price !== null) giftPrices.add(price)
  return null
}
