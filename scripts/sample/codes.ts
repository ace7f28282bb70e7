/** GS1 check digit of the digits before it: weights 3, 1, 3, … counted from the right. */
export function checkDigit(body: string): string {
  let sum = 0
  for (let i = 0; i < body.length; i++)
    sum += Number(body[body.length - 1 - i]) * (i % 2 === 0 ? 3 : 1)
  return String((10 - (sum % 10)) % 10)
}

/**
 * A barcode that no real product has: GS1 keeps what begins with 952 for examples. Every 20th one
 * has 8 digits, the others 13. Distinct for indexes below 10,000.
 */
export function barcode(index: number): string {
  const body =
    index % 20 === 19
      ? `952${String((index * 97) % 10_000).padStart(4, '0')}`
      : `952${String(index * 73_679 + 31_415_926).padStart(9, '0')}`
  return body + checkDigit(body)
}

/**
 * A chain's internal code of the given sort of goods: three digits at the greengrocer's, six at the
 * counter.
 */
export function internalCode(sort: 'produce' | 'counter', index: number): string {
  return String(sort === 'produce' ? 100 + index : 720_000 + index * 13)
}
