import { createHash } from 'node:crypto'
import {
  compareWithDescription,
  type DescriptionCheck,
  isNthUnit,
  type PromotionTerms,
  type RawPromotion,
  readTerms,
} from '../../pricing/index.ts'
import { readText } from '../files/source-file.ts'
import type { TermRole } from './promo-columns.ts'
import { readEdge } from './promo-dates.ts'
import {
  addGroupItems,
  addRowItems,
  emptyBasket,
  type GroupCells,
  type ItemCells,
  listItems,
} from './promo-items.ts'
import { childrenOf, memberText, plainText, readJson } from './promo-json.ts'

/** What a row says beside its items, as it came; `unknown` are the columns that nobody knows. */
export type TermCells = Record<TermRole, string | null> & { unknown: Record<string, string | null> }

/** All that a promotion says, whichever store, list and wording it came in. */
export type PromotionContent = PromotionTerms & {
  chainId: string
  /** The publisher's promotion id. */
  code: string
  description: string | null
  remark: string | null
  rewardType: string | null
  /** Codes as products have them, in rising order. */
  itemCodes: string[]
  giftCodes: string[]
  /** Whether it may be had together with others; null: not said. */
  combines: boolean | null
  /** What else the publisher says, by column. */
  extra: Record<string, string> | null
  /** What its description says of the same terms. */
  described: DescriptionCheck
}

/** What a promotion says, why its rows cannot be used, or that it is switched off. */
export type ReadContent = PromotionContent | { fault: string } | 'off'

/** Reads a promotion from its rows: the terms are those of any of them, the items of all. */
export function readContent(
  cells: TermCells,
  rows: readonly ItemCells[],
  chainId: string,
): ReadContent {
  const restrictions = readRestrictions(cells.restrictions)
  if (restrictions === undefined) return { fault: 'additionalrestrictions that cannot be read' }
  const said = { ...cells, ...withoutNulls(restrictions.known) }
  if (said.active !== null && isZero(said.active)) return 'off'
  const startsAt = readEdge(readText(cells.startDate), readText(cells.startHour), 'start')
  if (startsAt === undefined)
    return { fault: `a start that cannot be read: ${cells.startDate} ${cells.startHour ?? ''}` }
  const endsAt = readEdge(readText(cells.endDate), readText(cells.endHour), 'end')
  if (endsAt === undefined)
    return { fault: `an end that cannot be read: ${cells.endDate} ${cells.endHour ?? ''}` }
  const clubs = readClubs([cells.clubs, cells.clubId], restrictions.clubs)
  if (clubs === undefined) return { fault: 'clubs that cannot be read' }
  const basket = emptyBasket()
  for (const row of rows) {
    const fault = addRowItems(basket, row, chainId)
    if (fault !== null) return { fault: `${fault} that cannot be read` }
  }
  const groups = cells.groups === null ? [] : addGroupItems(basket, cells.groups, chainId)
  if (groups === undefined) return { fault: 'groups that cannot be read' }
  const texts = termTexts(said, groups[0])
  const listed = listItems(basket)
  // where one of n units is free, some flag them all as gifts
  const { itemCodes, giftCodes } =
    listed.itemCodes.length === 0 && isNthUnit(texts.rewardType)
      ? { itemCodes: listed.giftCodes, giftCodes: [] }
      : listed
  const raw: RawPromotion = {
    ...texts,
    clubs,
    coupon: said.coupon !== null && !isZero(said.coupon),
    startsAt,
    endsAt,
    itemCodes,
    giftCodes,
    giftPrices: listed.giftPrices,
    parts: Math.max(1, groups.length),
  }
  const terms = readTerms(raw)
  const description = readText(cells.description)
  const combines = readText(cells.combines)
  return {
    ...terms,
    chainId,
    code: promotionCode(cells.id),
    description,
    remark: readRemark(cells.remark),
    rewardType: raw.rewardType,
    itemCodes,
    giftCodes,
    combines: combines === null ? null : !isZero(combines),
    extra: readExtra(said, raw, { ...cells.unknown, ...restrictions.unknown }),
    described: compareWithDescription(terms, description),
  }
}

/** A promotion id as it is told apart: empty where there is none. */
export function promotionCode(cell: string | null): string {
  return cell === null ? '' : cell.replaceAll('\0', '').trim()
}

/** The digest of a content: the same for the same words. */
export function digestContent(content: PromotionContent): Buffer {
  return createHash('sha256').update(JSON.stringify(content)).digest()
}

/** A row's texts by meaning; what a group says goes before it. */
function termTexts(said: TermCells, group: GroupCells | undefined) {
  const text = (role: TermRole) => readText(said[role])
  return {
    rewardType: group?.rewardType ?? text('rewardType'),
    discountType: group?.discountType ?? text('discountType'),
    rate: group?.rate ?? text('rate'),
    price: group?.price ?? text('price'),
    minQuantity: group?.minQuantity ?? text('minQuantity'),
    maxQuantity: group?.maxQuantity ?? text('maxQuantity'),
    redemptionLimit: text('redemptionLimit'),
    minPurchase: group?.minPurchase ?? text('minPurchase') ?? text('minBasket'),
    weighted: group?.weighted ?? text('weighted'),
    giftCount: text('giftCount'),
  }
}

type Restrictions = {
  known: Partial<Record<TermRole, string | null>>
  clubs: unknown
  unknown: Record<string, string | null>
}

const RESTRICTIONS = {
  additionaliscoupon: 'coupon',
  additionalgiftcount: 'giftCount',
  additionalistotal: 'total',
  additionalisactive: 'active',
  additionalminbasketamount: 'minBasket',
} as const satisfies Record<string, TermRole>

/** The cell of additional restrictions, which some write as plain text; undefined when its JSON cannot be read. */
function readRestrictions(text: string | null): Restrictions | undefined {
  const none: Restrictions = { known: {}, clubs: null, unknown: {} }
  if (text === null) return none
  if (!/^\s*[[{]/.test(text)) return { ...none, unknown: { additionalrestrictions: text } }
  const json = readJson(text)
  if (json === undefined || json === null) return undefined
  for (const [name, value] of Object.entries(json)) {
    if (name === 'clubs' || name === 'clubid') none.clubs = value
    else if (name in RESTRICTIONS)
      none.known[RESTRICTIONS[name as keyof typeof RESTRICTIONS]] = plainText(value)
    else none.unknown[readText(name) ?? 'additionalrestrictions'] = plainText(value)
  }
  return none
}

/** The clubs that may have it: none for everyone, which is also what an id that begins with 0 means. */
function readClubs(cells: (string | null)[], nested: unknown): string[] | undefined {
  const values = cells.map((cell) =>
    cell === null || !/^\s*[[{]/.test(cell) ? cell : readJson(cell),
  )
  if (values.includes(undefined)) return undefined
  const ids = [...values, nested]
    .flatMap((value) => childrenOf(value, 'clubid'))
    .flatMap((id) => readText(plainText(id) ?? memberText(id, 'clubid')) ?? [])
  if (ids.some((id) => id.startsWith('0'))) return []
  return [...new Set(ids)].sort()
}

/** A remark, which may be nested. */
function readRemark(cell: string | null): string | null {
  const json = cell !== null && /^\s*[[{]/.test(cell) ? readJson(cell) : cell
  const texts = childrenOf(json, 'remark').flatMap((remark) => plainText(remark) ?? [])
  return readText(texts.join(' ') || null)
}

/** What no column of ours holds and is not zero. */
function readExtra(
  said: TermCells,
  raw: RawPromotion,
  unknown: Record<string, string | null>,
): Record<string, string> | null {
  const { discountType, redemptionLimit, giftCount } = raw
  const rest = {
    ...unknown,
    discountType,
    redemptionLimit,
    giftCount,
    total: said.total,
    minBasket: said.minBasket,
  }
  const known = Object.entries(rest).flatMap(([name, value]) => {
    const text = readText(value)
    return text === null || isZero(text)
      ? []
      : [[name, /^\d+\.\d+$/.test(text) ? String(Number(text)) : text] as const]
  })
  return known.length === 0 ? null : Object.fromEntries(known.sort())
}

function isZero(text: string): boolean {
  return /^0*(\.0*)?$/.test(text.trim())
}

function withoutNulls<T extends object>(from: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(from).filter(([, value]) => value !== null),
  ) as Partial<T>
}
