import type { OpenLine, UncomputedPromotion } from './basket.ts'
import type { OpenPromotion } from './open-promotions.ts'
import { type OfferedUnits, wholeUnits } from './promote-units.ts'
import { unitOffer } from './unit-offer.ts'
import { type WeighedLine, type WeightOffer, weightPrice } from './weight-offer.ts'

/**
 * What a promotion offers to lines of units and of weighed goods; and the lines for which it cannot
 * be computed, with the reason.
 */
export function offerLines({ promotion, lines }: OpenPromotion): {
  units: OfferedUnits[]
  weights: WeightOffer[]
  notComputed: UncomputedPromotion[]
} {
  const { id, notComputable } = promotion
  const ofUnits = notComputable ?? unitOffer(promotion)
  const whole: OpenLine[] = []
  const weighed: WeighedLine[] = []
  const refused = new Map<string, number[]>()
  let least = 0
  for (const line of lines) {
    const offer = line.price.isWeighted ? (notComputable ?? weightPrice(promotion, line)) : ofUnits
    if (typeof offer === 'string')
      refused.set(offer, [...(refused.get(offer) ?? []), line.productId])
    else if (!('grams' in offer)) {
      if (wholeUnits(line) > 0) whole.push(line)
    } else if (offer.agorot * 1000 < line.price.agorot * offer.grams) {
      weighed.push({ line, agorot: offer.agorot, grams: offer.grams })
      least = offer.least
    }
  }
  const most = promotion.maxQuantity ?? Number.POSITIVE_INFINITY
  return {
    units:
      typeof ofUnits === 'string' || whole.length === 0 ? [] : [{ offer: ofUnits, lines: whole }],
    weights: weighed.length === 0 ? [] : [{ promotion, least, most, lines: weighed }],
    notComputed: [...refused].map(([reason, productIds]) => ({ id, reason, productIds })),
  }
}
