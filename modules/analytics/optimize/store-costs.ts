import { type BasketLine, partBasket } from '../../pricing/index.ts'
import { MISSING, type StoreOffer } from './instance.ts'
import { type createParts, fullMask, type Part } from './part-costs.ts'

/** The costs of basket lines in one store, by line index; MISSING where it does not sell a line. */
export type StoreCosts = {
  /** Its index among the stores of the instance. */
  store: number
  shelf: Float64Array
  /** Lower bounds: any lines together cost at least the sum of theirs. */
  least: Float64Array
  /** Upper bounds: adding the line to any others raises their cost by at most this. */
  upperBound: Float64Array
  parts: (Part | undefined)[]
}

export function computeStoreCosts(
  offer: StoreOffer,
  {
    store,
    lines,
    part,
  }: { store: number; lines: readonly BasketLine[]; part: ReturnType<typeof createParts> },
): StoreCosts {
  const { prices, promotions, shopper } = offer
  const parts: (Part | undefined)[] = lines.map(() => undefined)
  for (const basketPart of partBasket(lines, prices, promotions, shopper)) {
    const tied = part(basketPart, offer)
    for (const place of tied.lines) parts[place] = tied
  }
  const alone = lines.map(({ productId, quantity }) => {
    const price = prices.get(productId)
    return price === undefined ? MISSING : Math.floor((2 * quantity * price.agorot + 1000) / 2000)
  })
  const own = (of: (part: Part, i: number) => number) =>
    Float64Array.from(alone, (shelf, place) => {
      const tied = parts[place]
      return tied === undefined ? shelf : of(tied, tied.lines.indexOf(place))
    })
  return {
    store,
    shelf: Float64Array.from(alone),
    least: own(({ least }, i) => least[i] as number),
    upperBound: own((tied, i) =>
      tied.lines.length === 1 ? tied.cost(1, 0) : (tied.shelf[i] as number),
    ),
    parts,
  }
}

/**
 * Drops dominated stores: those whose lines cost no more in some other store, whatever else is
 * bought there. Of equal stores the first is kept.
 */
export function withoutDominated(stores: readonly StoreCosts[]): StoreCosts[] {
  const kept: StoreCosts[] = []
  for (const [at, store] of stores.entries()) {
    const later = stores.slice(at + 1)
    const isDominated =
      kept.some((other) => dominates(other, store)) ||
      later.some((other) => dominates(other, store, true))
    if (!isDominated) kept.push(store)
  }
  return kept
}

/** @param strictly false when the two stores dominate each other */
function dominates(other: StoreCosts, one: StoreCosts, strictly = false): boolean {
  for (const [place, least] of one.least.entries()) {
    if (least === MISSING || (other.upperBound[place] as number) <= least) continue
    if (one.parts[place] === undefined || !hasEqualPart(other, one, place)) return false
  }
  return !strictly || !dominates(one, other)
}

/**
 * Whether both stores have the same part, and it costs no more beside other lines. Its basket
 * minimums are met in the other store too if no shelf price there is lower.
 */
function hasEqualPart(other: StoreCosts, one: StoreCosts, place: number): boolean {
  const part = one.parts[place]
  if (part === undefined || part !== other.parts[place]) return false
  if (part.limited && part.lines.length > 1) return false
  return (
    fullMask(part.conditions) === 0 ||
    one.shelf.every(
      (shelf, i) =>
        shelf === MISSING || (shelf <= (other.shelf[i] as number) && other.shelf[i] !== MISSING),
    )
  )
}
