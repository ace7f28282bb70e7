export type UnitPrice = {
  /** In agorot. */
  agorot: number
  per: '100g' | 'kg' | '100ml' | 'liter' | 'unit' | 'meter'
}

const RULES = new Map<string | null, { per: UnitPrice['per']; amount: bigint }>([
  ['gram', { per: '100g', amount: 100n }],
  ['kilogram', { per: 'kg', amount: 1n }],
  ['milliliter', { per: '100ml', amount: 100n }],
  ['liter', { per: 'liter', amount: 1n }],
  ['unit', { per: 'unit', amount: 1n }],
  ['meter', { per: 'meter', amount: 1n }],
])
/** 100,000 shekels. A higher unit price comes from a mistyped quantity. */
const MAX_AGOROT = 10_000_000n

/**
 * Computes the price of one unit of measure from the price and the contents, in exact integers,
 * rounded half up to agorot. Goods sold by weight are priced by the kilogram.
 *
 * The units are those of Israel's consumer protection regulations on unit pricing: 100 grams or 100
 * millilitres for goods packed in them, otherwise kilogram, litre, metre or unit.
 *
 * @param unitQuantity how many of `unitOfMeasure` the price buys, as a decimal text
 * @returns null when the unit is unknown, or the quantity is not positive or implausible (1 gram or
 *   millilitre is a placeholder)
 */
export function unitPrice(
  agorot: number,
  contents: { unitOfMeasure: string | null; unitQuantity: string | null; isWeighted: boolean },
): UnitPrice | null {
  if (contents.isWeighted) return { agorot, per: 'kg' }
  const rule = RULES.get(contents.unitOfMeasure)
  const parts = /^(\d{1,9})(?:\.(\d{1,9}))?$/.exec(contents.unitQuantity ?? '')
  if (rule === undefined || parts === null) return null
  const fraction = parts[2] ?? ''
  const scale = 10n ** BigInt(fraction.length)
  const quantity = BigInt(`${parts[1]}${fraction}`)
  if (quantity === 0n || (rule.amount > 1n && quantity === scale)) return null
  const exact = BigInt(agorot) * rule.amount * scale
  const rounded = (2n * exact + quantity) / (2n * quantity)
  return rounded > MAX_AGOROT ? null : { agorot: Number(rounded), per: rule.per }
}
