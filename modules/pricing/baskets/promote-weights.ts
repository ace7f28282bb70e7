import type { Use, Uses } from './basket.ts'
import { independentGroups } from './independent-groups.ts'
import type { Work } from './offer-state.ts'
import { type Spread, spreadWeight } from './spread-weight.ts'
import { savedOn, type WeighedLine, type WeightOffer } from './weight-offer.ts'

/** The maximum number of competing offers to combine: those that would save most alone. */
const MAX_OFFERS = 6

/**
 * Finds the cheapest legal use of promotions on weighed goods, exact except for the rounding of
 * lines that are split.
 */
export function promoteWeights(offered: readonly WeightOffer[], work: Work): Uses {
  const offers = offered.filter(({ lines, least, most }) => {
    return least <= most && lines.reduce((sum, { line }) => sum + line.quantity, 0) >= least
  })
  const uses: Use[] = []
  let gapAgorot = 0
  for (const group of independentGroups(
    offers.map((offer) => ({ offer, lines: offer.lines.map(({ line }) => line) })),
  )) {
    const used = promoteGroup(
      group.map(({ offer }) => offer),
      work,
    )
    uses.push(...used.uses)
    gapAgorot += used.gapAgorot
  }
  return { uses, gapAgorot }
}

/**
 * Gives every line to its best offer if that respects all minimums and limits. Otherwise tries
 * every subset of the offers. Subsets of fewer offers are included, so an additional offer never
 * raises the cost.
 */
function promoteGroup(offers: readonly WeightOffer[], work: Work): Uses {
  const ideal = idealSpread(offers)
  const bound = savedBy(offers, ideal)
  const fits = offers.every(({ least, most }, o) => {
    const load = [...(ideal[o] as Map<number, number>).values()].reduce(
      (sum, grams) => sum + grams,
      0,
    )
    return load === 0 || (load >= least && load <= most)
  })
  if (fits) return { uses: usesOf(offers, ideal), gapAgorot: 0 }
  const tried = offers.length > MAX_OFFERS ? keepMostUseful(offers, work) : offers
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

/** The ideal assignment: all grams of each line to the offer with the lowest price. */
function idealSpread(offers: readonly WeightOffer[]): Spread {
  const ideal: Spread = offers.map(() => new Map())
  const best = new Map<number, { o: number; price: number; grams: number }>()
  for (const [o, { lines }] of offers.entries()) {
    for (const { line, agorot, grams } of lines) {
      const current = best.get(line.index)
      const price = agorot / grams
      if (current === undefined || price < current.price)
        best.set(line.index, { o, price, grams: line.quantity })
    }
  }
  for (const [line, { o, grams }] of best) ideal[o]?.set(line, grams)
  return ideal
}

function keepMostUseful(offers: readonly WeightOffer[], work: Work): WeightOffer[] {
  const alone = new Map(
    offers.map((offer) => [offer, savedBy([offer], spreadWeight([offer], work) ?? [new Map()])]),
  )
  const byUse = offers.toSorted((a, b) => (alone.get(b) as number) - (alone.get(a) as number))
  const kept = new Set(byUse.slice(0, MAX_OFFERS))
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
