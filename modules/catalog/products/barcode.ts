/** A product's key: its code without leading zeros, and the chain that the code belongs to (null: a barcode, shared by all). */
export type ProductKey = { code: string; chainId: string | null }

/** Digits of the shortest barcode, leading zeros aside (dataset.md, "Values"). */
export const SHORTEST_BARCODE = 8

/** The same rule for a code that is read as a number: the smallest one of so many digits. */
export const SMALLEST_BARCODE = 10 ** (SHORTEST_BARCODE - 1)

/**
 * Tells barcodes from a chain's internal codes. Codes of 8 or more digits, leading zeros aside, are barcodes; shorter
 * ones, and codes with anything but digits, belong to their chain (dataset.md, "Values"). An empty code gives null.
 */
export function productKey(itemCode: string, chainId: string): ProductKey | null {
  const trimmed = itemCode.trim()
  if (trimmed === '') return null
  if (!/^\d+$/.test(trimmed)) return { code: trimmed, chainId }
  const code = trimmed.replace(/^0+(?=\d)/, '')
  return { code, chainId: code.length >= SHORTEST_BARCODE ? null : chainId }
}
