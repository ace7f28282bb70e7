import type { Use, Uses } from './basket.ts'
import { independentGroups } from './independent-groups.ts'
import type { Work } from './offer-state.ts'
import { type Spread, spreadWeight } from './spread-weight.ts'
import { savedOn, type WeighedLine, type WeightOffer } from './weight-offer.ts'

/** Of more offers that stand in each other's way, those that would save most alone are tried. */
const MOST_OFFERS = 6

/** The cheapest legal use of promotions on weighed goods, exact to the rounding of lines that are parted. */
export function promoteWeights(offered: readonly WeightOffer[], work: Work): Uses {
  const offers = offered.filter(({ lines, least, most }) => {
    return least <= most && lines.reduce((sum, { line }) => sum + line.quantity, 0) >= least
  })
  const uses: Use[] = []
  let gapAgorot = 0
  for (const island of independentGroups(
    offers.map((offer) => ({ offer, lines: offer.lines.map(({ line }) => line) })),
  )) {
    const used = promoteIsland(
      island.map(({ offer }) => offer),
      work,
    )
    uses.push(...used.uses)
    gapAgorot += used.gapAgorot
  }
  return { uses, gapAgorot }
}

/**
 * Every line to its best offer, where no offer then has too much or too little. Else every choice of offers to be had:
 * what a choice of fewer offers saves is among the candidates, so that more offers never cost more.
 */
function promoteIsland(offers: readonly WeightOffer[], work: Work): Uses {
  const wish = wishes(offers)
  const bound = savedBy(offers, wish)
  const fits = offers.every(({ least, most }, o) => {
    const load = [...(wish[o] as Map<number, number>).values()].reduce(
      (sum, grams) => sum + grams,
      0,
    )
    return load === 0 || (load >= least && load <= most)
  })
  if (fits) return { uses: usesOf(offers, wish), gapAgorot: 0 }
  const tried = offers.length > MOST_OFFERS ? mostUseful(offers, work) : offers
  let best: Use[] = []
  let most = 0
  let choice = (1 << tried.length) - 1
  for (; choice > 0 && work.left > 0; choice--) {
    const chosen = tried.filter((_, o) => choice & (1 << o))
    const spread = spreadWeight(chosen, work)
    const saved = spread === null ? 0 : savedBy(chosen, spread)
    if (spread === null || saved <= most) continue
    most = saved
    best = usesOf(chosen, spread)
  }
  return { uses: best, gapAgorot: tried.length < offers.length || choice > 0 ? bound - most : 0 }
}

/** What the lines would like: all of each at its lowest price. */
function wishes(offers: readonly WeightOffer[]): Spread {
  const wish: Spread = offers.map(() => new Map())
  const best = new Map<number, { o: number; price: number; grams: number }>()
  for (const [o, { lines }] of offers.entries()) {
    for (const { line, agorot, grams } of lines) {
      const known = best.get(line.index)
      const price = agorot / grams
      if (known === undefined || price < known.price)
        best.set(line.index, { o, price, grams: line.quantity })
    }
  }
  for (const [line, { o, grams }] of best) wish[o]?.set(line, grams)
  return wish
}

function mostUseful(offers: readonly WeightOffer[], work: Work): WeightOffer[] {
  const alone = new Map(
    offers.map((offer) => [offer, savedBy([offer], spreadWeight([offer], work) ?? [new Map()])]),
  )
  const byUse = offers.toSorted((a, b) => (alone.get(b) as number) - (alone.get(a) as number))
  const kept = new Set(byUse.slice(0, MOST_OFFERS))
  return offers.filter((offer) => kept.has(offer))
}

function savedBy(offers: readonly WeightOffer[], spread: Spread): number {
  return usesOf(offers, spread)
    .flatMap(({ takes }) => takes)
    .reduce((sum, { savedAgorot }) => sum + savedAgorot, 0)
}

function usesOf(offers: readonly WeightOffer[], spread: Spread): Use[] {
  return offers.flatMap(({ promotion, lines }, o) => {
    const takes = lines.flatMap((one: WeighedLine) => {
      const quantity = spread[o]?.get(one.line.index) ?? 0
      return quantity === 0
        ? []
        : [{ line: one.line.index, quantity, savedAgorot: savedOn(one, quantity) }]
    })
    return takes.some(({ savedAgorot }) => savedAgorot > 0) ? [{ promotion, times: 1, takes }] : []
  })
}
