/**
 * Divides two non-negative whole numbers and rounds half up. Exact while twice the numerator is a
 * safe integer.
 */
export function roundHalfUp(numerator: number, denominator: number): number {
  return Math.floor((2 * numerator + denominator) / (2 * denominator))
}
