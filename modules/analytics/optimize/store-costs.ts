import { type BasketLine, partBasket } from '../../pricing/index.ts'
import { MISSING, type StoreOffer } from './instance.ts'
import { allOf, type createParts, type Part } from './part-costs.ts'

/** What the lines of a basket cost in one store; arrays go by the places of the lines, and hold MISSING where it has none. */
export type StoreCosts = {
  /** Its place among the stores of the instance. */
  store: number
  shelf: Float64Array
  /** At least, whatever else is bought: lines that are bought together never cost less than this together. */
  least: Float64Array
  /** At most, whatever else is bought: whoever has some lines can have this one too, for so much more. */
  surely: Float64Array
  parts: (Part | undefined)[]
}

export function costsOf(
  offer: StoreOffer,
  {
    store,
    lines,
    part,
  }: { store: number; lines: readonly BasketLine[]; part: ReturnType<typeof createParts> },
): StoreCosts {
  const { prices, promotions, shopper } = offer
  const parts: (Part | undefined)[] = lines.map(() => undefined)
  for (const one of partBasket(lines, prices, promotions, shopper)) {
    const tied = part(one, offer)
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
    surely: own((tied, i) =>
      tied.lines.length === 1 ? tied.cost(1, 0) : (tied.shelf[i] as number),
    ),
    parts,
  }
}

/**
 * The stores without those that another one can stand in for: whatever is bought in one of these costs no more there, also
 * beside what is bought there already. Of stores that are the same, the first is kept.
 */
export function withoutOutdone(stores: readonly StoreCosts[]): StoreCosts[] {
  const kept: StoreCosts[] = []
  for (const [at, store] of stores.entries()) {
    const later = stores.slice(at + 1)
    const outdone =
      kept.some((other) => replaces(other, store)) ||
      later.some((other) => replaces(other, store, true))
    if (!outdone) kept.push(store)
  }
  return kept
}

/** @param strictly not the other way round too */
function replaces(other: StoreCosts, one: StoreCosts, strictly = false): boolean {
  for (const [place, least] of one.least.entries()) {
    if (least === MISSING || (other.surely[place] as number) <= least) continue
    if (one.parts[place] === undefined || !standsIn(other, one, place)) return false
  }
  return !strictly || !replaces(one, other)
}

/**
 * The same part, of which twice as much costs twice as much at most. A basket minimum is met there too if nothing else
 * costs less on the shelf.
 */
function standsIn(other: StoreCosts, one: StoreCosts, place: number): boolean {
  const part = one.parts[place]
  if (part === undefined || part !== other.parts[place]) return false
  if (part.limited && part.lines.length > 1) return false
  return (
    allOf(part.conditions) === 0 ||
    one.shelf.every(
      (shelf, i) =>
        shelf === MISSING || (shelf <= (other.shelf[i] as number) && other.shelf[i] !== MISSING),
    )
  )
}
