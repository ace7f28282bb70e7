/** A product's key: its code without leading zeros, and the chain that it belongs to (null: a shared barcode). */
export type ProductKey = { code: string; chainId: string | null }

/** Digits of the shortest barcode, leading zeros aside. */
const SHORTEST_BARCODE = 8

/**
 * Numbers that look like barcodes and belong to the chain that prints them, [from, to): GS1's restricted circulation
 * numbers (8 digits from 2, 12 digits from 2 and 4, 13 digits from 2), and 729000000xxxx, under which Israel's chains
 * number their own produce, deli and services. Leading zeros are off, so 02… and 04… are 12 digits, 0… of 8 is shorter.
 */
const RESTRICTED: readonly (readonly [number, number])[] = [
  [2e7, 3e7],
  [2e11, 3e11],
  [4e11, 5e11],
  [2e12, 3e12],
  [7_290_000_000_000, 7_290_000_010_000],
]

/** Whether a code of digits, read as a number, means the same product in all chains (docs/data-quality.md). */
export function isSharedCode(code: number): boolean {
  if (code < 10 ** (SHORTEST_BARCODE - 1)) return false
  return !RESTRICTED.some(([from, to]) => code >= from && code < to)
}

/**
 * Identifies the product that a chain means by an item code: a barcode is shared by all chains, any other code belongs
 * to its chain. An empty code gives null.
 */
export function productKey(itemCode: string, chainId: string): ProductKey | null {
  const trimmed = itemCode.trim()
  if (trimmed === '') return null
  if (!/^\d+$/.test(trimmed)) return { code: trimmed, chainId }
  const code = trimmed.replace(/^0+(?=\d)/, '')
  return { code, chainId: isSharedCode(Number(code)) ? null : chainId }
}
