import { israelMoment } from '../../../src/israel-time.ts'
import type { Promotion } from '../terms/promotion.ts'
import type { OpenLine, Shopper } from './basket.ts'

/** A promotion that is open to the shopper, and the lines that it names. */
export type OpenPromotion = { promotion: Promotion; lines: OpenLine[] }

/**
 * The promotions that apply to a basket, by id. Each applies on that day, is open to the shopper's
 * clubs and coupons, names one of the lines, and has its basket minimum met.
 *
 * A promotion applies on every day that it touches. One that begins in the evening applies on that
 * day. One that ends at midnight applies on the day that begins then, because chains write an end
 * without an hour this way.
 *
 * The basket minimum counts the shelf prices of the lines that the promotion does not name, so no
 * other promotion can affect it.
 */
export function openPromotions(
  promotions: readonly Promotion[],
  { lines, shopper }: { lines: readonly OpenLine[]; shopper: Shopper },
): OpenPromotion[] {
  const byProduct = new Map(lines.map((line) => [line.productId, line]))
  const shelfAgorot = lines.reduce((sum, line) => sum + line.shelfAgorot, 0)
  const [from, to] = bounds(shopper.day)
  const weekday = new Date(`${shopper.day}T00:00:00Z`).getUTCDay()
  const open = new Map<number, OpenPromotion[]>()
  for (const promotion of promotions) {
    const starts = promotion.startsAt ?? Number.NEGATIVE_INFINITY
    const ends = promotion.endsAt ?? Number.POSITIVE_INFINITY
    if (starts >= to || ends < from || starts > ends || !isOpenTo(promotion, shopper)) continue
    if (promotion.weekdays && !promotion.weekdays.includes(weekday)) continue
    const named = new Set<OpenLine>()
    let namedAgorot = 0
    for (const productId of promotion.productIds) {
      const line = byProduct.get(productId)
      if (line === undefined || named.has(line)) continue
      named.add(line)
      namedAgorot += line.shelfAgorot
    }
    if (named.size === 0 || shelfAgorot - namedAgorot < (promotion.minBasketAgorot ?? 0)) continue
    const ordered = [...named].sort((a, b) => a.index - b.index)
    open.set(promotion.id, byItemPrice(promotion, ordered))
  }
  return [...open.values()].flat().sort((a, b) => a.promotion.id - b.promotion.id)
}

/** Splits a promotion with a price per item into one promotion for each item. */
function byItemPrice(promotion: Promotion, lines: OpenLine[]): OpenPromotion[] {
  const { productAgorot } = promotion
  if (!productAgorot) return [{ promotion, lines }]
  return lines.flatMap((line) => {
    const agorot = productAgorot[line.productId]
    return agorot === undefined ? [] : [{ promotion: { ...promotion, agorot }, lines: [line] }]
  })
}

function isOpenTo({ id, clubs, coupon }: Promotion, shopper: Shopper): boolean {
  if (coupon && shopper.coupons !== true && !shopper.coupons.includes(id)) return false
  return clubs.length === 0 || clubs.some((club) => shopper.clubs.includes(club))
}

/** The first moment of a day in Israel, and of the next day. */
function bounds(day: string): [number, number] {
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) throw new Error(`Cannot price a basket: ${day} is not a day`)
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  return [israelMoment(year, month, date), israelMoment(year, month, date + 1)]
}
