import { isNthUnit } from '../../pricing/index.ts'
import { numberText } from '../files/cell-number.ts'
import type { TermRole } from './promo-columns.ts'
import {
  addGroupItems,
  addRowItems,
  emptyBasket,
  flagText,
  type GroupCells,
  type ItemBasket,
  type ItemCells,
  type ItemPart,
  rateText,
} from './promo-items.ts'

/** The raw cells of a row other than its items; `unknown` are the unknown columns. */
export type TermCells = Record<TermRole, string | null> & { unknown: Record<string, string | null> }

/** Rows of a promotion that are equal but for their items. */
export type PromotionRows = { cells: TermCells; rows: readonly ItemCells[] }

/** Adds the items of all rows to the basket, and groups those that share their terms. */
export function readParts(
  basket: ItemBasket,
  all: readonly PromotionRows[],
  chainId: string,
): ItemPart[] | { fault: string } {
  const parts: ItemPart[] = []
  for (const { cells, rows } of all) {
    const rowBasket = emptyBasket()
    for (const row of rows) {
      const fault = addRowItems(rowBasket, row, chainId)
      if (fault !== null) return { fault: `${fault} that cannot be read` }
    }
    const grouped = cells.groups === null ? [] : addGroupItems(basket, cells.groups, chainId)
    if (grouped === undefined) return { fault: 'groups that cannot be read' }
    for (const kind of ['items', 'gifts', 'giftPrices'] as const)
      for (const value of rowBasket[kind]) basket[kind].add(value)
    parts.push(...grouped)
    if (all.length > 1 && rowBasket.items.size > 0)
      parts.push({ cells: rowCells(cells), codes: rowBasket.items, groups: new Set() })
  }
  return parts
}

/** The terms of a part that may differ between items. */
function rowCells(cells: TermCells): GroupCells {
  return {
    minPurchase: numberText(cells.minPurchase),
    discountType: cells.discountType,
    rewardType: cells.rewardType,
    minQuantity: numberText(cells.minQuantity),
    maxQuantity: numberText(cells.maxQuantity),
    rate: rateText(cells.rate),
    price: numberText(cells.price),
    weighted: flagText(cells.weighted),
  }
}

/**
 * The merged parts: the cells common to all parts, the number of parts with different terms, and
 * the price of each item (agorot by code) if only prices differ. A customer may have to buy from
 * several `groups` together.
 */
export type SettledParts = {
  cells: GroupCells | undefined
  parts: number
  groups: number
  isPricePerItem: boolean
  itemPrices: Record<string, number>
}

/**
 * Merges parts that differ only in their prices. With a percentage the prices are its results for
 * each item; without one each item has its own price. Parts that differ in anything else stay
 * separate.
 */
export function settleParts(parts: readonly ItemPart[]): SettledParts {
  const first = parts.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))[0]
  const groups = new Set(parts.flatMap((part) => [...part.groups])).size
  const settled = {
    cells: first?.cells,
    parts: Math.max(1, parts.length),
    groups,
    isPricePerItem: false,
    itemPrices: {},
  }
  if (first === undefined || parts.length < 2) return settled
  const alike = new Set(parts.map(({ cells }) => wordingOf({ ...cells, price: null })))
  if (alike.size > 1 || !isForOneUnit(first.cells)) return settled
  const { rewardType, rate } = first.cells
  if (rewardType === '2' && Number(rate) > 0) return { ...settled, parts: 1 }
  if (isNthUnit(rewardType) || parts.some(({ cells }) => !(Number(cells.price) > 0))) return settled
  const prices = parts.flatMap(({ cells, codes }) =>
    [...codes].map((code) => [code, Math.round(Number(cells.price) * 100)] as const),
  )
  const itemPrices = Object.fromEntries(prices.sort(([a], [b]) => (a < b ? -1 : 1)))
  return { ...settled, parts: 1, isPricePerItem: true, itemPrices }
}

/** A price for several units does not say which item it belongs to. */
function isForOneUnit({ minQuantity }: GroupCells): boolean {
  const quantity = Number(minQuantity ?? Number.NaN)
  return quantity > 0 && quantity <= 1
}

function wordingOf(cells: GroupCells): string {
  return Object.values(cells).join('\0')
}

function keyOf({ cells, codes }: ItemPart): string {
  return `${wordingOf(cells)}\0${[...codes].sort().join()}`
}
