/**
 * A product's key: its code without leading zeros, and its chain (null for a barcode, which all
 * chains share).
 */
export type ProductKey = { code: string; chainId: string | null }

/** The minimum number of digits of a barcode, without leading zeros. */
const MIN_BARCODE_DIGITS = 8

/**
 * Ranges [from, to) of numbers that look like barcodes but are internal to a chain. These are GS1's
 * restricted circulation numbers (8 digits from 2, 12 digits from 2 and 4, 13 digits from 2), and
 * 729000000xxxx, under which Israel's chains number their own produce, deli and services.
 *
 * Leading zeros are removed, so 02… and 04… have 12 digits, and an 8-digit 0… is shorter.
 */
const RESTRICTED: readonly (readonly [number, number])[] = [
  [2e7, 3e7],
  [2e11, 3e11],
  [4e11, 5e11],
  [2e12, 3e12],
  [7_290_000_000_000, 7_290_000_010_000],
]

/**
 * Whether a code of digits, read as a number, means the same product in all chains
 * (docs/data-quality.md).
 */
export function isSharedCode(code: number): boolean {
  if (code < 10 ** (MIN_BARCODE_DIGITS - 1)) return false
  return !RESTRICTED.some(([from, to]) => code >= from && code < to)
}

/**
 * Identifies the product of an item code in a chain. All chains share a barcode; any other code
 * belongs to its chain. Returns null for an empty code.
 */
export function productKey(itemCode: string, chainId: string): ProductKey | null {
  const trimmed = itemCode.trim()
  if (trimmed === '') return null
  if (!/^\d+$/.test(trimmed)) return { code: trimmed, chainId }
  const code = trimmed.replace(/^0+(?=\d)/, '')
  return { code, chainId: isSharedCode(Number(code)) ? null : chainId }
}
