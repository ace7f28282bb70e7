import { israelMoment } from '../../../src/israel-time.ts'
import type { Promotion } from '../terms/promotion.ts'
import type { OpenLine, Shopper } from './basket.ts'

/** A promotion that the shopper may have, and the lines that it names. */
export type OpenPromotion = { promotion: Promotion; lines: OpenLine[] }

/**
 * The promotions that hold for a basket, by id: of that day, of the shopper's clubs and coupons, naming one of the
 * lines, with enough else in the basket. A promotion holds on every day that it touches: one that begins in the evening
 * holds on that day, one that ends at midnight on the day that begins then (chains write an end without an hour so). The least that the basket must cost counts the
 * shelf prices of the lines that the promotion does not name, so no other promotion can take it away.
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
    if (starts >= to || ends < from || starts > ends || !mayHave(promotion, shopper)) continue
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

/** A promotion in which each item has a price of its own is one promotion for each of them. */
function byItemPrice(promotion: Promotion, lines: OpenLine[]): OpenPromotion[] {
  const { productAgorot } = promotion
  if (!productAgorot) return [{ promotion, lines }]
  return lines.flatMap((line) => {
    const agorot = productAgorot[line.productId]
    return agorot === undefined ? [] : [{ promotion: { ...promotion, agorot }, lines: [line] }]
  })
}

function mayHave({ id, clubs, coupon }: Promotion, shopper: Shopper): boolean {
  if (coupon && shopper.coupons !== true && !shopper.coupons.includes(id)) return false
  return clubs.length === 0 || clubs.some((club) => shopper.clubs.includes(club))
}

/** The first moment of a day in Israel, and that of the next. */
function bounds(day: string): [number, number] {
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) throw new Error(`Cannot price a basket: ${day} is not a day`)
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  return [israelMoment(year, month, date), israelMoment(year, month, date + 1)]
}
