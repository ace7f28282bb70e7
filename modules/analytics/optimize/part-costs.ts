import {
  type BasketLine,
  type BasketPart,
  type Promotion,
  priceBasket,
  type ShelfPrice,
} from '../../pricing/index.ts'
import type { StoreOffer } from './instance.ts'

/** Lines that a store's promotions tie together. In masks, bit i stands for the i-th of `lines`. */
export type Part = {
  /** Indexes in the basket, ascending. */
  lines: readonly number[]
  shelf: readonly number[]
  /** Basket minimums, each with a mask of the promoted lines, which do not count towards it. */
  conditions: readonly { minimum: number; named: number }[]
  /**
   * A promotion has a quantity limit: two baskets may cost less than one with the lines of both.
   */
  limited: boolean
  /** The cost of the lines in `mask` when the minimums in the mask `met` are met. */
  cost(mask: number, met: number): number
  /** A lower bound for each line; any lines together cost at least the sum of their bounds. */
  least: readonly number[]
}

/** Larger parts use the bounds of single lines: their subsets would be too many. */
const MAX_LINES_FOR_SETS = 5

/**
 * Returns a function that creates parts; stores with equal prices and promotions share one. Sets
 * `proof.exact` to false when a price is not exact.
 */
export function createParts(lines: readonly BasketLine[], proof: { exact: boolean }) {
  const places = new Map(lines.map(({ productId }, place) => [productId, place]))
  const parts = new Map<string, Part>()
  return ({ productIds, promotions }: BasketPart, store: StoreOffer): Part => {
    const priced = productIds.map((id) => [id, store.prices.get(id) as ShelfPrice] as const)
    const key = `${priced.map(([id, { agorot }]) => `${id}:${agorot}`)}|${promotions.map(({ id }) => id)}`
    const cached = parts.get(key)
    if (cached !== undefined) return cached
    const own = productIds.map((id) => places.get(id) as number)
    const part = createPart(own, { lines, promotions, store, proof })
    parts.set(key, part)
    return part
  }
}

type From = {
  lines: readonly BasketLine[]
  promotions: readonly Promotion[]
  store: StoreOffer
  proof: { exact: boolean }
}

function createPart(own: readonly number[], { lines, promotions, store, proof }: From): Part {
  const { prices, shopper } = store
  const ownLines = own.map((place) => lines[place] as BasketLine)
  const conditional = promotions.filter(({ minBasketAgorot }) => (minBasketAgorot ?? 0) > 0)
  const conditions = conditional.map(({ minBasketAgorot, productIds }) => ({
    minimum: minBasketAgorot ?? 0,
    named: maskOf(ownLines.map(({ productId }) => productIds.includes(productId))),
  }))
  // the caller of cost() decides which minimums are met
  const freed = promotions.map((promotion) => ({ ...promotion, minBasketAgorot: null }))
  const bits = conditional.map((promotion) => promotions.indexOf(promotion))
  const price = (some: readonly BasketLine[], those: readonly Promotion[]) => {
    const { agorot, exact } = priceBasket(some, prices, those, shopper)
    proof.exact &&= exact
    return agorot
  }
  const cached = new Map<number, number>()
  const cost = (mask: number, met: number) => {
    if (mask === 0) return 0
    const key = met * 2 ** own.length + mask
    const cachedCost = cached.get(key)
    if (cachedCost !== undefined) return cachedCost
    const those = freed.filter((_, p) => !bits.includes(p) || hasBit(met, bits.indexOf(p)))
    const agorot = price(
      ownLines.filter((_, i) => hasBit(mask, i)),
      those,
    )
    cached.set(key, agorot)
    return agorot
  }
  const shelf = ownLines.map((line) => price([line], []))
  const all = fullMask(conditions)
  const unlimited = freed.map((promotion) => ({ ...promotion, maxQuantity: null }))
  const bestUnitCost = (line: BasketLine) => {
    const copies = copiesForFullUse(line, unlimited)
    return price([{ ...line, quantity: line.quantity * copies }], unlimited) / copies
  }
  const least =
    own.length === 1
      ? [cost(1, all)]
      : sharedLowerBounds(shelf, {
          alone: ownLines.map((line) => Math.floor(bestUnitCost(line))),
          cost: (mask) => cost(mask, all),
        })
  return {
    lines: own,
    shelf,
    conditions,
    limited: promotions.some((promotion) => promotion.maxQuantity !== null),
    cost,
    least,
  }
}

/**
 * Additive lower bounds: a set's saving is shared in proportion to what each line can save at
 * best, and a line's bound uses its largest share over all sets that contain it. So no set saves
 * more than the sum of its lines' shares.
 */
function sharedLowerBounds(
  shelf: readonly number[],
  { alone, cost }: { alone: readonly number[]; cost: (mask: number) => number },
): number[] {
  if (shelf.length > MAX_LINES_FOR_SETS) return [...alone]
  const most = shelf.map((agorot, i) => agorot - (alone[i] as number))
  const shares = shelf.map(() => 0)
  for (let mask = 1; mask < 1 << shelf.length; mask++) {
    const together = sumOfBits(most, mask)
    if (together === 0) continue
    const saved = sumOfBits(shelf, mask) - cost(mask)
    for (const [i, one] of most.entries()) {
      if (hasBit(mask, i)) shares[i] = Math.max(shares[i] as number, (saved * one) / together)
    }
  }
  return shelf.map((agorot, i) => agorot - (shares[i] as number))
}

/**
 * The number of copies of a line that all promotions can use up: whole groups and minimum weight.
 */
function copiesForFullUse({ quantity }: BasketLine, promotions: readonly Promotion[]): number {
  let copies = 1
  for (const { quantity: size } of promotions) {
    if (size <= 0 || size % 1000 !== 0) continue
    copies = (copies * (size / 1000)) / greatestDivisor(copies, size / 1000)
  }
  const least = Math.max(...promotions.map(({ quantity: size }) => size))
  return copies * Math.max(1, Math.ceil(least / (quantity * copies)))
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b)
}

export function hasBit(mask: number, i: number): boolean {
  return Math.floor(mask / 2 ** i) % 2 === 1
}

export function sumOfBits(amounts: readonly number[], mask: number): number {
  return amounts.reduce((sum, amount, i) => (hasBit(mask, i) ? sum + amount : sum), 0)
}

export function fullMask(list: readonly unknown[]): number {
  return 2 ** list.length - 1
}

function maskOf(flags: readonly boolean[]): number {
  return flags.reduce((mask, flag, i) => (flag ? mask + 2 ** i : mask), 0)
}

/** Bitwise and; masks of over 32 lines do not fit the operator. */
export function intersectMasks(a: number, b: number, length: number): number {
  let mask = 0
  for (let i = 0; i < length; i++) if (hasBit(a, i) && hasBit(b, i)) mask += 2 ** i
  return mask
}
