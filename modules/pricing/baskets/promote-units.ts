import { roundHalfUp } from '../terms/rounding.ts'
import type { OpenLine, Use, Uses } from './basket.ts'
import { independentGroups } from './independent-groups.ts'
import { type OfferState, offerStateOf, type UnitClass, type Work } from './offer-state.ts'
import { shareUnits } from './share-units.ts'
import { exceedsExactLimit, takeUnits } from './take-units.ts'
import { dominates, isPlain, type UnitOffer } from './unit-offer.ts'

/** An offer and the lines of whole units that it may take. */
export type OfferedUnits = { offer: UnitOffer; lines: readonly OpenLine[] }

/** The best plain offer for each line, by line index. */
type Plain = Map<number, { line: OpenLine; offer: UnitOffer; agorot: number }>

/** Lines whose units are interchangeable, also for offers. */
type LinesAlike = UnitClass & { lines: OpenLine[] }

/** Claims on units, and the classes of these units, most expensive first. */
type OfferGroup = { claims: OfferState[]; classes: LinesAlike[] }

/** An offer that saves something, and the group that it would form without the others. */
type Candidate = OfferedUnits & { alone: OfferGroup }

/** The number of whole units of a line. Fractions of a unit stay at the shelf price. */
export function wholeUnits({ quantity }: OpenLine): number {
  return Math.floor(quantity / 1000)
}

/**
 * Finds the cheapest legal use of promotions on whole units. Plain offers only change the cost of a
 * unit that no other offer takes. The other offers are split into independent groups, most of a
 * single offer.
 */
export function promoteUnits(offered: readonly OfferedUnits[], work: Work): Uses {
  const plain = bestPlain(offered.filter(({ offer }) => isPlain(offer)))
  const useful: Candidate[] = []
  for (const { offer, lines } of offered) {
    if (isPlain(offer) || lines.reduce((sum, line) => sum + wholeUnits(line), 0) < offer.least)
      continue
    const alone = groupOf([{ offer, lines }], plain)
    const [claim] = alone.claims as [OfferState]
    if (exceedsExactLimit(claim) || takeUnits(claim, work) > 0) useful.push({ offer, lines, alone })
  }
  const uses: Use[] = []
  const left = new Map([...plain.values()].map(({ line }) => [line, wholeUnits(line)]))
  let gapAgorot = 0
  const needed = useful.filter((one) => !useful.some((other) => replaces(other, one)))
  for (const candidates of independentGroups(needed)) {
    const [first] = candidates as [Candidate]
    const { claims, classes } = candidates.length === 1 ? first.alone : groupOf(candidates, plain)
    gapAgorot += shareUnits(claims, { classes, work })
    const taken = new Map<OpenLine, number>()
    for (const claim of claims) {
      if (takeUnits(claim, work) > 0)
        uses.push(useOf(claim.offer, linesOf(claim, { classes, taken })))
    }
    for (const [line, units] of taken)
      if (left.has(line)) left.set(line, (left.get(line) as number) - units)
  }
  return { uses: [...uses, ...plainUses(plain, left)], gapAgorot }
}

function bestPlain(offered: readonly OfferedUnits[]): Plain {
  const plain: Plain = new Map()
  for (const { offer, lines } of offered) {
    for (const line of lines) {
      const { agorot: shelf } = line.price
      const agorot = offer.admits(shelf) ? offer.value(shelf) - offer.fee : 0
      if (agorot > (plain.get(line.index)?.agorot ?? 0))
        plain.set(line.index, { line, offer, agorot })
    }
  }
  return plain
}

/**
 * Whether an offer can be left out because another one is at least as good. Of two identical
 * offers, the later one is left out.
 */
function replaces(other: OfferedUnits, one: OfferedUnits): boolean {
  if (other === one || !dominates(other.offer, one.offer)) return false
  if (!one.lines.every((line) => other.lines.includes(line))) return false
  const mutual = dominates(one.offer, other.offer) && one.lines.length === other.lines.length
  return !mutual || other.offer.promotion.id < one.offer.promotion.id
}

function groupOf(offered: readonly OfferedUnits[], plain: Plain): OfferGroup {
  const members = new Map<OpenLine, number[]>()
  offered.forEach(({ lines }, o) => {
    for (const line of lines) {
      const of = members.get(line)
      if (of === undefined) members.set(line, [o])
      else of.push(o)
    }
  })
  const alike = new Map<string, LinesAlike & { offers: number[] }>()
  for (const [line, offers] of members) {
    const shelfAgorot = line.price.agorot
    const plainAgorot = plain.get(line.index)?.agorot ?? 0
    const key = `${shelfAgorot} ${plainAgorot} ${offers}`
    const same = alike.get(key)
    if (same === undefined)
      alike.set(key, { shelfAgorot, plainAgorot, units: 0, lines: [line], offers })
    else same.lines.push(line)
  }
  const classes = [...alike.values()]
  for (const one of classes) {
    one.lines.sort((a, b) => a.index - b.index)
    one.units = one.lines.reduce((sum, line) => sum + wholeUnits(line), 0)
  }
  classes.sort((a, b) => b.shelfAgorot - a.shelfAgorot || firstLine(a) - firstLine(b))
  const claims = offered.map(({ offer }, o) => {
    const places = [...classes.keys()].filter((c) => classes[c]?.offers.includes(o))
    return offerStateOf(offer, { classes, places })
  })
  return { claims, classes }
}

function firstLine({ lines }: LinesAlike): number {
  return (lines[0] as OpenLine).index
}

/**
 * The lines whose units a claim takes, most expensive first; `taken` counts the units already used
 * of each line.
 */
function linesOf(
  { classes: places, taken: units }: OfferState,
  { classes, taken }: { classes: readonly LinesAlike[]; taken: Map<OpenLine, number> },
): OpenLine[] {
  return [...places].flatMap((c, i) => {
    const lines: OpenLine[] = []
    for (const line of classes[c]?.lines ?? []) {
      const before = taken.get(line) ?? 0
      const many = Math.min((units[i] as number) - lines.length, wholeUnits(line) - before)
      taken.set(line, before + many)
      for (let n = 0; n < many; n++) lines.push(line)
    }
    return lines
  })
}

/**
 * Distributes the saving of an offer over the units it takes, most expensive first. A saving on one
 * unit goes to that unit's line. A saving on a group is divided by shelf price, and its shares add
 * up exactly.
 */
function useOf(
  { promotion, size, value, fee, cheapest }: UnitOffer,
  units: readonly OpenLine[],
): Use {
  const rows = new Map<OpenLine, { line: number; quantity: number; savedAgorot: number }>()
  const shelf = units.reduce((sum, { price }) => sum + price.agorot, 0)
  const forGroups = units.reduce(
    (sum, { price }) => sum + value(price.agorot),
    -fee * (units.length / size),
  )
  const spread = promotion.kind === 'bundle_price' || promotion.kind === 'amount_off'
  let before = 0
  units.forEach((line, i) => {
    const { agorot } = line.price
    const row = rows.get(line) ?? { line: line.index, quantity: 0, savedAgorot: 0 }
    rows.set(line, row)
    row.quantity += 1000
    if (spread)
      row.savedAgorot +=
        roundHalfUp(forGroups * (before + agorot), shelf) - roundHalfUp(forGroups * before, shelf)
    else row.savedAgorot += value(agorot) + ((i + 1) % size === 0 ? (cheapest?.(agorot) ?? 0) : 0)
    before += agorot
  })
  const times = promotion.kind === 'percent_off' ? 1 : units.length / size
  return { promotion, times, takes: [...rows.values()] }
}

function plainUses(plain: Plain, left: ReadonlyMap<OpenLine, number>): Use[] {
  const uses = new Map<UnitOffer, Use>()
  for (const { line, offer, agorot } of plain.values()) {
    const units = left.get(line) ?? 0
    if (units === 0) continue
    const { promotion } = offer
    const use = uses.get(offer) ?? { promotion, times: 0, takes: [] }
    uses.set(offer, use)
    use.times = promotion.kind === 'percent_off' ? 1 : use.times + units
    use.takes.push({ line: line.index, quantity: units * 1000, savedAgorot: units * agorot })
  }
  return [...uses.values()]
}
