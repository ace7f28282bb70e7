import type { Promotion } from '../terms/promotion.ts'

/** A promotion for everyone at any time, on product 1, with the given fields replaced. */
export function promotionOf(told: Partial<Promotion> & Pick<Promotion, 'kind'>): Promotion {
  return {
    id: 1,
    notComputable: null,
    quantity: 1000,
    weightUnsettled: false,
    agorot: null,
    rate: null,
    maxQuantity: null,
    minBasketAgorot: null,
    clubs: [],
    coupon: false,
    startsAt: null,
    endsAt: null,
    productIds: [1],
    ...told,
  }
}
