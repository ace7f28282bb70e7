import {
  digestTerms,
  isNthUnit,
  NOT_COMPUTABLE,
  type PromotionTerms,
  type RawPromotion,
  readTerms,
  type SettledTerms,
  settleTerms,
} from '../../pricing/index.ts'
import { readCode } from '../files/cell-code.ts'
import { dateFault, readDateTime } from '../files/cell-date.ts'
import { numberText, readFlag } from '../files/cell-number.ts'
import { readName, readText } from '../files/cell-text.ts'
import { type Club, readClubs } from './promo-clubs.ts'
import type { TermRole } from './promo-columns.ts'
import { readWeekdays } from './promo-days.ts'
import { emptyBasket, flagText, type GroupCells, listItems, rateText } from './promo-items.ts'
import { childrenOf, plainText, readJson } from './promo-json.ts'
import {
  type PromotionRows,
  readParts,
  type SettledParts,
  settleParts,
  type TermCells,
} from './promo-parts.ts'

/** The content of a promotion, independent of its store, list and wording. */
export type PromotionContent = SettledTerms & {
  /** The fields that come directly from the cells. */
  byCells: PromotionTerms
  chainId: string
  /** The publisher's promotion id. */
  code: string
  description: string | null
  remark: string | null
  rewardType: string | null
  /** Normalised product codes in ascending order. */
  itemCodes: string[]
  giftCodes: string[]
  /** Whether it combines with other promotions; null for unknown. */
  combines: boolean | null
  /** Other values of the publisher, by column. */
  extra: Record<string, string> | null
  /** The part of `extra` outside the terms: unknown columns and the names of clubs. */
  besides: string[]
}

/** The content of a promotion, why its rows cannot be used, or that it is switched off. */
export type ReadContent = PromotionContent | { fault: string } | 'off'

/**
 * Reads a promotion from its rows, which share their terms; the items of all rows are merged. Rows
 * with different terms are parts of the promotion.
 */
export function readContent(parts: readonly PromotionRows[], chainId: string): ReadContent {
  const cells = parts.map((part) => part.cells).sort(inOrder)[0]
  if (cells === undefined) return { fault: 'no rows' }
  const restrictions = readRestrictions(cells.restrictions)
  if (restrictions === undefined) return { fault: 'additionalrestrictions that cannot be read' }
  const merged = { ...cells, ...withoutNulls(restrictions.known) }
  if (readFlag(merged.active) === false) return 'off'
  const startsAt = readDateTime(cells.startDate, cells.startHour, 'start')
  if (typeof startsAt === 'string') return { fault: edgeFault(startsAt, 'start', cells) }
  const endsAt = readDateTime(cells.endDate, cells.endHour, 'end')
  if (typeof endsAt === 'string') return { fault: edgeFault(endsAt, 'end', cells) }
  const clubs = readClubs([cells.clubs, cells.clubId], restrictions.clubs)
  if (clubs === undefined) return { fault: 'clubs that cannot be read' }
  const basket = emptyBasket()
  const itemParts = readParts(basket, parts, chainId)
  if (!Array.isArray(itemParts)) return itemParts
  const settled = settleParts(itemParts)
  const texts = termTexts(merged, settled.cells)
  const listed = listItems(basket)
  // where one of n units is free, some chains flag all items as gifts
  const { itemCodes, giftCodes } =
    listed.itemCodes.length === 0 && isNthUnit(texts.rewardType)
      ? { itemCodes: listed.giftCodes, giftCodes: [] }
      : listed
  const raw: RawPromotion = {
    ...texts,
    clubs: clubs.map(({ code }) => code),
    coupon: merged.coupon !== null && readFlag(merged.coupon) !== false,
    startsAt,
    endsAt,
    itemCodes,
    giftCodes,
    giftPrices: listed.giftPrices,
    parts: settled.parts,
  }
  const byCells = withParts(readTerms(raw), settled, readWeekdays(cells.days))
  const description = readName(cells.description)
  const remark = readRemark(cells.remark)
  const combines = readText(cells.combines)
  return {
    ...settleTerms(byCells, { description, remark, rewardType: raw.rewardType }),
    byCells,
    chainId,
    code: promotionCode(cells.id),
    description,
    remark,
    rewardType: raw.rewardType,
    itemCodes,
    giftCodes,
    combines: combines === null ? null : readFlag(combines) !== false,
    extra: readExtra(merged, raw, {
      ...cells.unknown,
      ...clubNames(clubs),
      ...restrictions.unknown,
    }),
    besides: [...Object.keys(cells.unknown), 'clubs'],
  }
}

/** The terms with their weekdays, and the reasons why the parts make them not computable. */
function withParts(
  terms: PromotionTerms,
  { groups, itemPrices, isPricePerItem }: SettledParts,
  weekdays: number[] | null | undefined,
): PromotionTerms {
  const isPrice = terms.kind === 'bundle_price' || terms.kind === 'price_per_kg'
  const priced = isPricePerItem && isPrice ? { agorot: null, itemAgorot: itemPrices } : {}
  const open =
    groups > 1
      ? NOT_COMPUTABLE.groups
      : isPricePerItem && !isPrice
        ? NOT_COMPUTABLE.parts
        : weekdays === undefined
          ? NOT_COMPUTABLE.days
          : null
  return {
    ...terms,
    ...priced,
    weekdays: weekdays ?? null,
    notComputable: terms.notComputable ?? open,
  }
}

/** A fixed order, so that the description and the days do not depend on the order of the rows. */
function inOrder(a: TermCells, b: TermCells): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1
}

function edgeFault(
  fault: 'unreadable' | 'ambiguous',
  edge: 'start' | 'end',
  cells: TermCells,
): string {
  const [date, hour] =
    edge === 'start' ? [cells.startDate, cells.startHour] : [cells.endDate, cells.endHour]
  return dateFault(fault, edge === 'start' ? 'a start' : 'an end', `${date} ${hour ?? ''}`)
}

/** The id that distinguishes a promotion; empty without one. */
export function promotionCode(cell: string | null): string {
  const read = readCode(cell ?? '')
  return 'code' in read ? read.code : ''
}

/**
 * The digest of a content, without the fields outside its terms. Equal terms have equal digests.
 */
export function digestContent({ besides, extra, ...content }: PromotionContent): Buffer {
  const kept = Object.entries(extra ?? {}).filter(([name]) => !besides.includes(name))
  const terms = { ...content, extra: kept.length === 0 ? null : Object.fromEntries(kept) }
  return Buffer.from(digestTerms(terms), 'hex')
}

/** The texts of a row by meaning. The values of a part override those of the row. */
function termTexts(merged: TermCells, part: GroupCells | undefined) {
  const text = (role: TermRole) => readText(merged[role])
  const number = (role: TermRole) => numberText(text(role))
  return {
    rewardType: part?.rewardType ?? text('rewardType'),
    discountType: part?.discountType ?? text('discountType'),
    rate: part?.rate ?? rateText(text('rate')),
    price: part?.price ?? number('price'),
    minQuantity: part?.minQuantity ?? number('minQuantity'),
    maxQuantity: part?.maxQuantity ?? number('maxQuantity'),
    redemptionLimit: number('redemptionLimit'),
    minPurchase: part?.minPurchase ?? number('minPurchase') ?? number('minBasket'),
    weighted: part?.weighted ?? flagText(text('weighted')),
    giftCount: number('giftCount'),
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

/**
 * The additional restrictions, which some chains write as plain text. Undefined for unreadable
 * JSON.
 */
function readRestrictions(text: string | null): Restrictions | undefined {
  const result: Restrictions = { known: {}, clubs: null, unknown: {} }
  if (text === null) return result
  if (!/^\s*[[{]/.test(text)) return { ...result, unknown: { additionalrestrictions: text } }
  const json = readJson(text)
  if (json === undefined || json === null) return undefined
  for (const [name, value] of Object.entries(json)) {
    if (name === 'clubs' || name === 'clubid') result.clubs = value
    else if (name in RESTRICTIONS)
      result.known[RESTRICTIONS[name as keyof typeof RESTRICTIONS]] = plainText(value)
    else result.unknown[readText(name) ?? 'additionalrestrictions'] = plainText(value)
  }
  return result
}

/** A remark, as text or nested in JSON. */
function readRemark(cell: string | null): string | null {
  const json = cell !== null && /^\s*[[{]/.test(cell) ? readJson(cell) : cell
  const texts = childrenOf(json, 'remark').flatMap((remark) => plainText(remark) ?? [])
  return readText(texts.join(' ') || null)
}

/** Values that no field of the content holds, without zeros. */
function readExtra(
  given: TermCells,
  raw: RawPromotion,
  unknown: Record<string, string | null>,
): Record<string, string> | null {
  const { discountType, redemptionLimit, giftCount } = raw
  const { total, minBasket } = given
  const others = { ...unknown, discountType, redemptionLimit, giftCount, total, minBasket }
  const entries = Object.entries(others).flatMap(([name, value]) => {
    const text = readText(value)
    return text === null || isZero(text)
      ? []
      : [[name, /^\d+\.\d+$/.test(text) ? String(Number(text)) : text] as const]
  })
  return entries.length === 0 ? null : Object.fromEntries(entries.sort())
}

/** The names of clubs that have one beside their code. */
function clubNames(clubs: readonly Club[]): { clubs?: string } {
  const named = clubs.flatMap(({ code, name }) => (name === null ? [] : [`${code} - ${name}`]))
  return named.length === 0 ? {} : { clubs: named.join(', ') }
}

function isZero(text: string): boolean {
  return /^0*(\.0*)?$/.test(text.trim())
}

function withoutNulls<T extends object>(from: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(from).filter(([, value]) => value !== null),
  ) as Partial<T>
}
