/** Agorot as shekels: a JSON number of at most two decimals (dividing by 100 is correctly rounded). */
export function shekels(agorot: number): number {
  return agorot / 100
}

/** The mean of prices in agorot as shekels, rounded half up to agorot; the sum must be a safe integer. */
export function meanShekels(sumAgorot: number, count: number): number {
  return shekels(Number((2n * BigInt(sumAgorot) + BigInt(count)) / (2n * BigInt(count))))
}

/** The least whole agorot that are not below an amount of shekels, for a lower bound. */
export function agorotFrom(amount: number): number {
  return Math.ceil(Number((amount * 100).toFixed(4)))
}

/** The most whole agorot that are not above an amount of shekels, for an upper bound. */
export function agorotTo(amount: number): number {
  return Math.floor(Number((amount * 100).toFixed(4)))
}
