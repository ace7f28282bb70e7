import type { Article } from './articles.ts'
import { sourceName } from './price-lists.ts'
import { hash, pick } from './random.ts'
import type { Store } from './stores.ts'
import { nameOf } from './wording.ts'
import type { World } from './world.ts'

/** What a promotion offers. Money is agorot; `percent` is off the price. */
export type Deal =
  | { kind: 'bundle'; quantity: number; agorot: number }
  | { kind: 'percent'; percent: number }
  | { kind: 'weight'; from: number; agorot: number }
  | { kind: 'second free' }
  | { kind: 'amount'; agorot: number }
  | { kind: 'gift' }

export type Promotion = {
  id: string
  description: string
  deal: Deal
  articles: Article[]
  /** The most units it applies to, and the least cost of the basket; 0: no condition. */
  limit: number
  minBasket: number
  /** `0` is everyone. */
  club: string
  coupon: boolean
  startDate: string
  endDate: string
}

/** One source file of promotions: one store at one moment. */
export type PromotionList = {
  family: 'promo_full' | 'promo'
  store: Store
  fileName: string
  promotions: Promotion[]
}

const STORES_WITH_PROMOTIONS = 2
const PROMOTIONS = 12

/**
 * The promotions of a version: each night for a chain's first stores, at noon one of them again.
 */
export function promotionLists(world: World, day: number): PromotionList[] {
  const date = (world.dates[day] ?? '').replaceAll('-', '')
  return world.stores.flatMap((store): PromotionList[] => {
    if (store.index >= STORES_WITH_PROMOTIONS || day >= store.silentFrom) return []
    const promotions = promotionsOf(world, store)
    const name = (type: string, time: string) =>
      sourceName(store.chain, type, store.number, `${date}${time}00`)
    const full: PromotionList = {
      family: 'promo_full',
      store,
      fileName: name('PromoFull', '0310'),
      promotions,
    }
    if (!store.chain.deltas || store.index > 0) return [full]
    return [
      full,
      {
        family: 'promo',
        store,
        fileName: name('Promo', '1210'),
        promotions: [pick(promotions, day)],
      },
    ]
  })
}

function promotionsOf(world: World, store: Store): Promotion[] {
  const { seed } = world
  const shelf = world.shelf(store)
  return Array.from({ length: PROMOTIONS }, (_, at) => {
    const h = hash(seed, 20, store.chain.index, at)
    const first = pick(shelf, h)
    const articles = shelf
      .filter(
        ({ noun, brand, size }) =>
          noun === first.noun && brand === first.brand && size === first.size,
      )
      .slice(0, 4)
    const deal = dealFor(first, at)
    return {
      id: String(1_000_000 + store.chain.index * 1000 + at),
      description: describe(deal, nameOf(first, 'plain')),
      deal,
      articles: articles.length === 0 ? [first] : articles,
      limit: at === 4 ? 4 : 0,
      minBasket: at === 5 ? 10_000 : 0,
      club: at % 5 === 4 ? '2' : '0',
      coupon: at === 7,
      startDate: world.dates[0] ?? '',
      endDate: world.dates[world.dates.length - 1 - (at % 3)] ?? world.dates[0] ?? '',
    }
  })
}

function dealFor(article: Article, at: number): Deal {
  if (article.weighted)
    return { kind: 'weight', from: 0.5, agorot: Math.round(article.agorot * 0.08) * 10 }
  if (at === 9) return { kind: 'amount', agorot: 200 }
  switch (at % 4) {
    case 0:
      return {
        kind: 'bundle',
        quantity: 2,
        agorot: Math.round((article.agorot * 2 * 0.85) / 100) * 100,
      }
    case 1:
      return { kind: 'percent', percent: 20 }
    case 2:
      return { kind: 'second free' }
    default:
      return at === 3
        ? { kind: 'gift' }
        : {
            kind: 'bundle',
            quantity: 3,
            agorot: Math.round((article.agorot * 3 * 0.8) / 100) * 100,
          }
  }
}

function describe(deal: Deal, name: string): string {
  switch (deal.kind) {
    case 'bundle':
      return `${name} ${deal.quantity} ב ${deal.agorot / 100}`
    case 'percent':
      return `${name} ${deal.percent}% הנחה`
    case 'weight':
      return `${name} ב ${deal.agorot / 100} לק"ג`
    case 'second free':
      return `${name} 1+1`
    case 'amount':
      return `${name} ${deal.agorot / 100} ש"ח הנחה`
    case 'gift':
      return `קנה ${name} קבל מתנה`
  }
}
