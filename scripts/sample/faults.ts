import type { Fault, PriceRow } from './price-list.ts'
import type { Store } from './stores.ts'

/** Each day one chain has one of these faults in its first store's list. */
const kinds: readonly (Fault | 'repeated' | 'none')[] = [
  'price',
  'no price',
  'no code',
  'store',
  'repeated',
  'none',
]

/**
 * A full list with the publisher's faults of the day: a price that cannot be read in place of a
 * good one, a row too many without its code or store, or a code repeated (once as it was, once with
 * another price, which counts).
 */
export function withFaults(rows: PriceRow[], { chain, index }: Store, day: number): PriceRow[] {
  const kind = kinds[(chain.index + day) % kinds.length]
  const at = Math.floor(rows.length / 2)
  const row = rows[at]
  if (index !== 0 || kind === undefined || kind === 'none' || row === undefined) return rows
  const [head, tail] = [rows.slice(0, at), rows.slice(at + 1)]
  if (kind === 'repeated') return [...head, row, row, ...tail, { ...row, agorot: row.agorot + 100 }]
  const faulty = { ...row, fault: kind }
  return kind === 'price' || kind === 'no price'
    ? [...head, faulty, ...tail]
    : [...head, row, faulty, ...tail]
}
