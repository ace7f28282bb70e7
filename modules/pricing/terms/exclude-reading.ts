import type { WeightReading } from './promotion.ts'
import { settleWeight } from './settle-weight.ts'

/**
 * Returns the only possible reading of a weight promotion's price: for a kilogram, or for the whole
 * `quantity`. A reading is impossible if it costs more than every item on the shelf, or agrees with
 * the stated rate for none of them.
 *
 * @param shelfAgorot shelf prices of a kilogram, of all its items and stores
 * @returns null when both readings are possible, or neither
 */
export function excludeReading(
  { agorot, quantity, rate }: { agorot: number; quantity: number; rate: number | null },
  shelfAgorot: readonly number[],
): WeightReading | null {
  if (shelfAgorot.length === 0 || quantity <= 0 || quantity === 1000) return null
  if (rate !== null && rate > 0) {
    const readings = new Set(
      shelfAgorot.map((shelf) => settleWeight({ agorot, quantity, rate }, shelf)),
    )
    const isKilogram = readings.has('price_per_kg')
    const isQuantity = readings.has('bundle_price')
    if (isKilogram !== isQuantity) return isKilogram ? 'kilogram' : 'quantity'
  }
  const isDearer = (kilogramAgorot: number) => shelfAgorot.every((shelf) => kilogramAgorot > shelf)
  const noKilogram = isDearer(agorot)
  const noQuantity = isDearer((agorot * 1000) / quantity)
  if (noKilogram === noQuantity) return null
  return noKilogram ? 'quantity' : 'kilogram'
}
