/** The range of an integer column. */
const MAX_INTEGER = 2 ** 31 - 1

/**
 * Reads a decimal number exactly, as a whole number of `10 ** -places` (`29.90` with 2 places:
 * 2990). Additional decimals are rounded half up (away from zero). Returns null for anything else,
 * and for numbers that four bytes cannot hold.
 */
export function readDecimal(text: string | null, places: number): number | null {
  const match = text === null ? null : /^\s*(-?)(\d{0,12})(?:\.(\d*))?\s*$/.exec(text)
  if (match === null) return null
  const [, sign, whole = '', fraction = ''] = match
  if (whole === '' && fraction === '') return null
  const value =
    Number(whole + fraction.slice(0, places).padEnd(places, '0')) +
    (Number(fraction[places] ?? 0) >= 5 ? 1 : 0)
  if (value > MAX_INTEGER) return null
  return value === 0 ? 0 : sign === '-' ? -value : value
}
