import { productKey } from '../../catalog/index.ts'
import type { ItemRole } from './promo-columns.ts'
import { childrenOf, memberText, plainText, readJson } from './promo-json.ts'

const LONGEST_CODE = 100

/** What one row says of its items, as it came. */
export type ItemCells = Record<ItemRole, string | null>

/** What a promotion is about. Gifts are told from items by `isgiftitem`, or have a cell of their own (dialect C). */
export type PromoItems = {
  /** Codes in rising order, each once, normalised as products' codes are. */
  itemCodes: string[]
  giftCodes: string[]
  /** What a gift costs, where it isn't free; each price once. */
  giftPrices: string[]
}

/** What a group of dialect B says of its items; the same words as a row's, and before them. */
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

/** Puts a row's items into the basket; the name of the cell that cannot be read, null when all can. */
export function addRowItems(basket: ItemBasket, cells: ItemCells, chainId: string): string | null {
  const { items, itemCode, isGift, gifts } = cells
  if (items !== null) {
    const json = readJson(items)
    if (json === undefined) return 'promotionitems'
    for (const item of childrenOf(json, 'item')) {
      const price = memberText(item, 'giftitemprice')
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

/** Puts the items of dialect B into the basket and returns each different wording of its groups' terms; undefined when the cell cannot be read. */
export function addGroupItems(
  basket: ItemBasket,
  text: string,
  chainId: string,
): GroupCells[] | undefined {
  const json = readJson(text)
  if (json === undefined) return undefined
  const wordings = new Map<string, GroupCells>()
  for (const group of childrenOf(json, 'group')) {
    const parent = group as { promotionitems?: unknown } | null
    for (const item of childrenOf(parent?.promotionitems, 'promotionitem')) {
      addItem(basket, {
        code: codeOf(item),
        gift: memberText(item, 'isgiftitem'),
        price: null,
        chainId,
      })
      const both = (name: string) => memberText(item, name) ?? memberText(group, name)
      const wording: GroupCells = {
        minPurchase: both('minpurchaseamount') ?? both('minpurchaseamnt'),
        discountType: both('discounttype'),
        rewardType: both('rewardtype'),
        minQuantity: both('minqty'),
        maxQuantity: both('maxqty'),
        rate: both('discountrate'),
        price: both('discountedprice'),
        weighted: both('bisweighted'),
      }
      wordings.set(Object.values(wording).join('\0'), wording)
    }
  }
  return [...wordings.values()]
}

function codeOf(item: unknown): string | null {
  return plainText(item) ?? memberText(item, 'itemcode')
}

/** Codes that are all zeros, or longer than any price list has, stand for no item. */
function addItem(
  { items, gifts, giftPrices }: ItemBasket,
  {
    code,
    gift,
    price,
    chainId,
  }: { code: string | null; gift: string | null; price: string | null; chainId: string },
): void {
  const key = code === null ? null : productKey(code, chainId)
  if (key === null || key.code === '0' || key.code.length > LONGEST_CODE) return
  if (gift !== '1') items.add(key.code)
  else {
    gifts.add(key.code)
    if (price !== null) giftPrices.add(price)
  }
}
