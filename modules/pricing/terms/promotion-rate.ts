import { readDecimal } from './decimal.ts'
import type { RawPromotion } from './raw-promotion.ts'

/** 100 percent, in hundredths of a percent. */
export const FULL_RATE = 10_000

/** Hundredths of a percent, or an amount in agorot. */
export type Rate = { value: number; amount: boolean }

/**
 * Reads a rate without a price. It is a percentage if it has a decimal point (`50.00`), or if the
 * file has the column of prices (`50`, price `0.00`); otherwise it is in hundredths of a percent
 * (`5000`). With discount type 1, it is an amount in agorot. Undefined if none of these fits.
 */
export function readRate({ rate, price, discountType }: RawPromotion): Rate | undefined {
  const whole = rate !== null && /^\s*\d+\s*$/.test(rate)
  const percent = readDecimal(rate, 2) ?? 0
  if (percent <= 0) return { value: 0, amount: false }
  if (discountType === '1') return whole ? { value: percent / 100, amount: true } : undefined
  if (price !== null || !whole)
    return percent <= FULL_RATE ? { value: percent, amount: false } : undefined
  return percent > FULL_RATE && percent / 100 <= FULL_RATE
    ? { value: percent / 100, amount: false }
    : undefined
}

/** Reads a rate next to a price; null unless it is between 0 and 100 percent. */
export function readPercent(rate: string | null): number | null {
  const percent = readDecimal(rate, 2)
  return percent !== null && percent > 0 && percent < FULL_RATE ? percent : null
}
