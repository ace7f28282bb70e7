/**
 * Converts agorot to shekels, with at most two decimals (the division by 100 is correctly rounded).
 */
export function shekels(agorot: number): number {
  return agorot / 100
}

/**
 * Returns the mean price in shekels, rounded half up to agorot. The sum in agorot must be a safe
 * integer.
 */
export function meanShekels(sumAgorot: number, count: number): number {
  return shekels(Number((2n * BigInt(sumAgorot) + BigInt(count)) / (2n * BigInt(count))))
}

/** Converts shekels to agorot, rounded up, for a lower bound. */
export function agorotFrom(amount: number): number {
  return Math.ceil(Number((amount * 100).toFixed(4)))
}

/** Converts shekels to agorot, rounded down, for an upper bound. */
export function agorotTo(amount: number): number {
  return Math.floor(Number((amount * 100).toFixed(4)))
}
