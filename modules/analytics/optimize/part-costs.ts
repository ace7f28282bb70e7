import {
  type BasketLine,
  type BasketPart,
  type Promotion,
  priceBasket,
  type ShelfPrice,
} from '../../pricing/index.ts'
import type { StoreOffer } from './instance.ts'

/** Lines of a store that its promotions tie together. Some of them are told by a mask: bit i is the i-th of `lines`. */
export type Part = {
  /** ConcurrencyLimit in the basket, ascending. */
  lines: readonly number[]
  shelf: readonly number[]
  /** Promotions with a basket minimum, and the lines that they name, which do not count for it. */
  conditions: readonly { minimum: number; named: number }[]
  /** Of some promotion one may have only so much: two baskets may cost less than both in one. */
  limited: boolean
  /** What some of its lines cost together, when the conditions of the mask `met` are met. */
  cost(mask: number, met: number): number
  /** What each line costs at least, whatever it is bought with: together never more than any of them cost. */
  least: readonly number[]
}

/** Of more lines, the bounds are those of each line by itself. */
const FEW_LINES = 5

/** Makes parts; those of stores that ask and promise the same are one. Tells in `proof` whether every price was exact. */
export function createParts(lines: readonly BasketLine[], proof: { exact: boolean }) {
  const places = new Map(lines.map(({ productId }, place) => [productId, place]))
  const parts = new Map<string, Part>()
  return ({ productIds, promotions }: BasketPart, store: StoreOffer): Part => {
    const priced = productIds.map((id) => [id, store.prices.get(id) as ShelfPrice] as const)
    const key = `${priced.map(([id, { agorot }]) => `${id}:${agorot}`)}|${promotions.map(({ id }) => id)}`
    const known = parts.get(key)
    if (known !== undefined) return known
    const own = productIds.map((id) => places.get(id) as number)
    const part = partOf(own, { lines, promotions, store, proof })
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

function partOf(own: readonly number[], { lines, promotions, store, proof }: From): Part {
  const { prices, shopper } = store
  const ownLines = own.map((place) => lines[place] as BasketLine)
  const conditional = promotions.filter(({ minBasketAgorot }) => (minBasketAgorot ?? 0) > 0)
  const conditions = conditional.map(({ minBasketAgorot, productIds }) => ({
    minimum: minBasketAgorot ?? 0,
    named: maskOf(ownLines.map(({ productId }) => productIds.includes(productId))),
  }))
  // whether a minimum is met is decided by whoever asks
  const freed = promotions.map((promotion) => ({ ...promotion, minBasketAgorot: null }))
  const bits = conditional.map((promotion) => promotions.indexOf(promotion))
  const price = (some: readonly BasketLine[], those: readonly Promotion[]) => {
    const { agorot, exact } = priceBasket(some, prices, those, shopper)
    proof.exact &&= exact
    return agorot
  }
  const known = new Map<number, number>()
  const cost = (mask: number, met: number) => {
    if (mask === 0) return 0
    const key = met * 2 ** own.length + mask
    const before = known.get(key)
    if (before !== undefined) return before
    const those = freed.filter((_, p) => !bits.includes(p) || has(met, bits.indexOf(p)))
    const agorot = price(
      ownLines.filter((_, i) => has(mask, i)),
      those,
    )
    known.set(key, agorot)
    return agorot
  }
  const shelf = ownLines.map((line) => price([line], []))
  const all = allOf(conditions)
  const unlimited = freed.map((promotion) => ({ ...promotion, maxQuantity: null }))
  const atBest = (line: BasketLine) => {
    const copies = copiesFor(line, unlimited)
    return price([{ ...line, quantity: line.quantity * copies }], unlimited) / copies
  }
  const least =
    own.length === 1
      ? [cost(1, all)]
      : leastTogether(shelf, {
          alone: ownLines.map((line) => Math.floor(atBest(line))),
          cost: (mask) => cost(mask, all),
        })
  return {
    lines: own,
    shelf,
    conditions,
    limited: promotions.some((one) => one.maxQuantity !== null),
    cost,
    least,
  }
}

/**
 * Lower bounds of lines that add up: what some lines save together is shared in proportion to what each may save at
 * best, and a line's bound is its greatest share in any of the sets that it is in. (Then no set saves more than its
 * lines' shares together.)
 */
function leastTogether(
  shelf: readonly number[],
  { alone, cost }: { alone: readonly number[]; cost: (mask: number) => number },
): number[] {
  if (shelf.length > FEW_LINES) return [...alone]
  const most = shelf.map((agorot, i) => agorot - (alone[i] as number))
  const shares = shelf.map(() => 0)
  for (let mask = 1; mask < 1 << shelf.length; mask++) {
    const together = sumOf(most, mask)
    if (together === 0) continue
    const saved = sumOf(shelf, mask) - cost(mask)
    for (const [i, one] of most.entries()) {
      if (has(mask, i)) shares[i] = Math.max(shares[i] as number, (saved * one) / together)
    }
  }
  return shelf.map((agorot, i) => agorot - (shares[i] as number))
}

/** So often that every promotion may take all of it: whole groups, and the least weight. */
function copiesFor({ quantity }: BasketLine, promotions: readonly Promotion[]): number {
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

export function has(mask: number, i: number): boolean {
  return Math.floor(mask / 2 ** i) % 2 === 1
}

export function sumOf(amounts: readonly number[], mask: number): number {
  return amounts.reduce((sum, amount, i) => (has(mask, i) ? sum + amount : sum), 0)
}

export function allOf(list: readonly unknown[]): number {
  return 2 ** list.length - 1
}

function maskOf(flags: readonly boolean[]): number {
  return flags.reduce((mask, flag, i) => (flag ? mask + 2 ** i : mask), 0)
}

/** The bits that two masks have in common. */
export function both(a: number, b: number, length: number): number {
  let mask = 0
  for (let i = 0; i < length; i++) if (has(a, i) && has(b, i)) mask += 2 ** i
  return mask
}
