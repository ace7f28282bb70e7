import { readDecimal } from './decimal.ts'
import type { RawPromotion } from './raw-promotion.ts'

/** A hundred percent, in hundredths of one. */
export const ALL = 10_000

/** Hundredths of a percent, or an amount in agorot. */
export type Rate = { value: number; amount: boolean }

/**
 * A rate that stands without a price: in percent where it has a decimal point (`50.00`) or where the file has the column
 * of prices (`50`, price `0.00`), else in hundredths of a percent (`5000`); with discount type 1 an amount in agorot. Undefined:
 * none of these fits it.
 */
export function readRate({ rate, price, discountType }: RawPromotion): Rate | undefined {
  const whole = rate !== null && /^\s*\d+\s*$/.test(rate)
  const percent = readDecimal(rate, 2) ?? 0
  if (percent <= 0) return { value: 0, amount: false }
  if (discountType === '1') return whole ? { value: percent / 100, amount: true } : undefined
  if (price !== null || !whole)
    return percent <= ALL ? { value: percent, amount: false } : undefined
  return percent > ALL && percent / 100 <= ALL ? { value: percent / 100, amount: false } : undefined
}

/** A rate that stands beside a price, where it is more than decoration: between 0 and 100 percent. */
export function readPercent(rate: string | null): number | null {
  const percent = readDecimal(rate, 2)
  return percent !== null && percent > 0 && percent < ALL ? percent : null
}
