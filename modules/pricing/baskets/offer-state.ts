import type { UnitOffer } from './unit-offer.ts'

/**
 * Interchangeable units: each costs `shelfAgorot`, and saves `plainAgorot` when no offer takes it.
 */
export type UnitClass = { shelfAgorot: number; plainAgorot: number; units: number }

/**
 * The unit classes that an offer may take from. Its arrays are parallel to `classes`, most
 * expensive class first.
 */
export type OfferState = {
  offer: UnitOffer
  /** The index of each class among all classes. */
  classes: Int32Array
  /** The saving on a unit, and the saving on a unit that is the cheapest of its group. */
  value: Float64Array
  cheapest: Float64Array
  /**
   * The number of available units, the value of each without the offer, and the number that
   * `takeUnits` took.
   */
  counts: Int32Array
  worth: Float64Array
  taken: Int32Array
}

/** The remaining work for one basket, in steps of a few nanoseconds. */
export type Work = { left: number }

/** The state of an offer on all units that it admits, of the classes at these indexes. */
export function offerStateOf(
  offer: UnitOffer,
  { classes, places }: { classes: readonly UnitClass[]; places: readonly number[] },
): OfferState {
  const admitted = places.filter((c) => offer.admits((classes[c] as UnitClass).shelfAgorot))
  const column = (select: (unitClass: UnitClass) => number) =>
    admitted.map((c) => select(classes[c] as UnitClass))
  return {
    offer,
    classes: Int32Array.from(admitted),
    value: Float64Array.from(column(({ shelfAgorot }) => offer.value(shelfAgorot))),
    cheapest: Float64Array.from(column(({ shelfAgorot }) => offer.cheapest?.(shelfAgorot) ?? 0)),
    counts: Int32Array.from(column(({ units }) => units)),
    worth: Float64Array.from(column(({ plainAgorot }) => plainAgorot)),
    taken: new Int32Array(admitted.length),
  }
}
