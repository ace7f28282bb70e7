import type { Work } from './offer-state.ts'
import type { WeightOffer } from './weight-offer.ts'

/** A gain per gram above any price, so that minimum quantities are filled first. */
const MINIMUM_GAIN = 1e6
/** A tolerance below any difference in price. */
const TOLERANCE = 1e-9

/** Grams by line index, for each offer. */
export type Spread = Map<number, number>[]

/**
 * Assigns the grams of lines to offers, each of which must get `least` to `most` grams, so that the
 * saving before rounding is greatest. A maximum gain flow: repeatedly augments the best path. A
 * path may move grams of a line to another offer to make room. Returns null when there are too few
 * grams for all offers.
 */
export function spreadWeight(offers: readonly WeightOffer[], work: Work): Spread | null {
  return flow(offers, { needed: 0, work }) ?? flow(offers, { needed: MINIMUM_GAIN, work })
}

/** @param needed the extra gain of a gram while its offer is below its minimum */
function flow(
  offers: readonly WeightOffer[],
  { needed, work }: { needed: number; work: Work },
): Spread | null {
  const spread: Spread = offers.map(() => new Map())
  const loads = offers.map(() => 0)
  const spare = new Map<number, number>()
  for (const { lines } of offers) for (const { line } of lines) spare.set(line.index, line.quantity)
  const rates = offers.map(({ lines }) => {
    return new Map(
      lines.map(({ line, agorot, grams }) => [
        line.index,
        line.price.agorot / 1000 - agorot / grams,
      ]),
    )
  })
  for (;;) {
    const paths = bestPaths(rates, { spread, spare })
    work.left -= offers.length ** 2 * spare.size
    let end = -1
    let most = TOLERANCE
    for (const [o, { least, most: limit }] of offers.entries()) {
      const load = loads[o] as number
      const gain =
        load >= limit
          ? 0
          : (paths[o]?.gain ?? Number.NEGATIVE_INFINITY) + (load < least ? needed : 0)
      if (gain <= most) continue
      most = gain
      end = o
    }
    if (end < 0)
      return offers.every(({ least }, o) => (loads[o] as number) >= least) ? spread : null
    const { least, most: limit } = offers[end] as WeightOffer
    const load = loads[end] as number
    let grams = load < least ? least - load : limit - load
    for (let o = end; o >= 0; ) {
      const { line, from } = paths[o] as Path
      grams = Math.min(
        grams,
        from < 0 ? (spare.get(line) as number) : (spread[from]?.get(line) as number),
      )
      o = from
    }
    loads[end] = load + grams
    for (let o = end; o >= 0; ) {
      const { line, from } = paths[o] as Path
      add(spread[o] as Map<number, number>, line, grams)
      add(from < 0 ? spare : (spread[from] as Map<number, number>), line, -grams)
      o = from
    }
  }
}

/**
 * The best way to give an offer one more gram of a line: a spare gram, or one of another offer,
 * which then needs one.
 */
type Path = { gain: number; line: number; from: number }

function bestPaths(
  rates: readonly ReadonlyMap<number, number>[],
  { spread, spare }: { spread: Spread; spare: ReadonlyMap<number, number> },
): (Path | undefined)[] {
  const paths: (Path | undefined)[] = rates.map((byLine) => {
    let path: Path | undefined
    for (const [line, rate] of byLine) {
      if ((spare.get(line) as number) > 0 && rate > (path?.gain ?? TOLERANCE))
        path = { gain: rate, line, from: -1 }
    }
    return path
  })
  for (let round = 1; round < rates.length; round++) {
    rates.forEach((byLine, o) => {
      for (const [from, held] of spread.entries()) {
        const start = paths[from]
        if (from === o || start === undefined) continue
        for (const [line, grams] of held) {
          const rate = byLine.get(line)
          if (rate === undefined || grams === 0) continue
          const gain = start.gain + rate - (rates[from]?.get(line) as number)
          if (gain > (paths[o]?.gain ?? Number.NEGATIVE_INFINITY) + TOLERANCE)
            paths[o] = { gain, line, from }
        }
      }
    })
  }
  return paths
}

function add(grams: Map<number, number>, line: number, more: number): void {
  grams.set(line, (grams.get(line) ?? 0) + more)
}
