import type { UnitOffer } from './unit-offer.ts'

/** Units alike: each costs `shelfAgorot`, and saves `plainAgorot` when no offer takes it. */
export type UnitClass = { shelfAgorot: number; plainAgorot: number; units: number }

/** What an offer may take of some classes; its arrays go by these, dearest first. */
export type OfferState = {
  offer: UnitOffer
  /** The places of the classes among all. */
  classes: Int32Array
  /** What a unit saves, and what it saves as the cheapest of its group. */
  value: Float64Array
  cheapest: Float64Array
  /** How many units are at hand, what each is worth without the offer, and how many `takeUnits` took. */
  counts: Int32Array
  worth: Float64Array
  taken: Int32Array
}

/** What is left to be done for one basket, in steps of some nanoseconds. */
export type Work = { left: number }

/** A claim on all units of the classes at these places that the offer admits. */
export function offerStateOf(
  offer: UnitOffer,
  { classes, places }: { classes: readonly UnitClass[]; places: readonly number[] },
): OfferState {
  const admitted = places.filter((c) => offer.admits((classes[c] as UnitClass).shelfAgorot))
  const column = (of: (one: UnitClass) => number) =>
    admitted.map((c) => of(classes[c] as UnitClass))
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
