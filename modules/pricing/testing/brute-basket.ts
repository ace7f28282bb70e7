import type { BasketLine, ShelfPrice } from '../baskets/basket.ts'
import type { Promotion } from '../terms/promotion.ts'

/**
 * A unit of a product, or a block of weighed goods: the smallest quantity that a promotion takes.
 */
type Atom = { productId: number; quantity: number; shelf: number; isWeighted: boolean }

/**
 * Computes the cost of a small basket by brute force. Tries every assignment of its units (and
 * blocks of weighed goods) to the promotions, and returns the lowest cost of those that are legal
 * under docs/baskets.md. All `promotions` must apply.
 */
export function bruteBasket(
  lines: readonly BasketLine[],
  prices: ReadonlyMap<number, ShelfPrice>,
  { promotions, block }: { promotions: readonly Promotion[]; block: number },
): number {
  const atoms: Atom[] = []
  let shelf = 0
  for (const { productId, quantity } of lines) {
    const price = prices.get(productId)
    if (price === undefined) continue
    shelf += round((quantity * price.agorot) / 1000)
    const size = price.isWeighted ? block : 1000
    for (let i = 1; i * size <= quantity; i++) {
      atoms.push({ productId, quantity: size, shelf: price.agorot, isWeighted: price.isWeighted })
    }
  }
  const whole = new Map(lines.map(({ productId, quantity }) => [productId, quantity]))
  let most = 0
  const handed: Atom[][] = promotions.map(() => [])
  const hand = (at: number): void => {
    const atom = atoms[at]
    if (atom === undefined) {
      let saved = 0
      for (const [p, taken] of handed.entries())
        saved += savedBy(promotions[p] as Promotion, { taken, whole })
      if (saved > most) most = saved
      return
    }
    hand(at + 1)
    for (const [p, taken] of handed.entries()) {
      if (!promotions[p]?.productIds.includes(atom.productId)) continue
      taken.push(atom)
      hand(at + 1)
      taken.pop()
    }
  }
  hand(0)
  return shelf - most
}

/** What a promotion saves on the atoms it is given; minus infinity if that is not allowed. */
function savedBy(
  promotion: Promotion,
  { taken, whole }: { taken: Atom[]; whole: ReadonlyMap<number, number> },
): number {
  const weighed = taken.filter(({ isWeighted }) => isWeighted)
  const units = taken.filter(({ isWeighted }) => !isWeighted).map(({ shelf }) => shelf)
  return (
    (units.length === 0 ? 0 : savedOnUnits(promotion, units)) +
    (weighed.length === 0 ? 0 : savedOnWeights(promotion, { weighed, whole }))
  )
}

const ILLEGAL = Number.NEGATIVE_INFINITY

function savedOnUnits(
  { kind, quantity, maxQuantity, ...terms }: Promotion,
  units: number[],
): number {
  const agorot = terms.agorot ?? 0
  const rate = terms.rate ?? 0
  if (maxQuantity !== null && units.length * 1000 > maxQuantity) return ILLEGAL
  const cost = units.reduce((sum, shelf) => sum + shelf, 0)
  if (kind === 'percent_off') {
    if (units.length * 1000 < quantity) return ILLEGAL
    return cost - units.reduce((sum, shelf) => sum + round((shelf * (10_000 - rate)) / 10_000), 0)
  }
  const size = quantity / 1000
  if (!Number.isInteger(size) || units.length % size !== 0) return ILLEGAL
  if (kind === 'bundle_price') return cost - (units.length / size) * agorot
  if (kind === 'amount_off') {
    return units.some((shelf) => shelf * size < agorot) ? ILLEGAL : (units.length / size) * agorot
  }
  if (kind !== 'nth_unit') return ILLEGAL
  return Math.max(
    ...groupings(units, size).map((groups) => {
      const cheapest = groups.map((group) => Math.min(...group))
      return cheapest.reduce(
        (sum, shelf) => sum + shelf - round((shelf * (10_000 - rate)) / 10_000),
        0,
      )
    }),
  )
}

/** Every way to group some units into groups of `size`. */
function groupings(units: number[], size: number): number[][][] {
  const [first, ...others] = units
  if (first === undefined) return [[]]
  return subsets(others, size - 1).flatMap(({ inside, outside }) => {
    return groupings(outside, size).map((groups) => [[first, ...inside], ...groups])
  })
}

function subsets(units: number[], size: number): { inside: number[]; outside: number[] }[] {
  const [first, ...others] = units
  if (size === 0) return [{ inside: [], outside: units }]
  if (first === undefined) return []
  return [
    ...subsets(others, size - 1).map(({ inside, outside }) => ({
      inside: [first, ...inside],
      outside,
    })),
    ...subsets(others, size).map(({ inside, outside }) => ({
      inside,
      outside: [first, ...outside],
    })),
  ]
}

function savedOnWeights(
  { kind, quantity, maxQuantity, ...terms }: Promotion,
  { weighed, whole }: { weighed: Atom[]; whole: ReadonlyMap<number, number> },
): number {
  const grams = weighed.reduce((sum, atom) => sum + atom.quantity, 0)
  if (maxQuantity !== null && grams > maxQuantity) return ILLEGAL
  if (grams < quantity && (kind === 'price_per_kg' || quantity !== 1000)) return ILLEGAL
  let saved = 0
  for (const productId of new Set(weighed.map((atom) => atom.productId))) {
    const blocks = weighed.filter((atom) => atom.productId === productId)
    const shelf = (blocks[0] as Atom).shelf
    const weight = blocks.reduce((sum, atom) => sum + atom.quantity, 0)
    let price: number
    if (kind === 'price_per_kg' || (kind === 'bundle_price' && quantity === 1000))
      price = terms.agorot ?? 0
    else if (kind === 'percent_off' || (kind === 'nth_unit' && quantity === 1000)) {
      price = round((shelf * (10_000 - (terms.rate ?? 0))) / 10_000)
    } else return ILLEGAL
    if (price >= shelf) return ILLEGAL
    if (weight === whole.get(productId))
      saved += round((weight * shelf) / 1000) - round((weight * price) / 1000)
    else saved += Math.floor((weight * (shelf - price)) / 1000 + 1e-9)
  }
  return saved
}

function round(agorot: number): number {
  return Math.floor(agorot + 0.5 + 1e-9)
}
