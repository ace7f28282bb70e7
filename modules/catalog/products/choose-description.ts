import { measure, type Unit } from '../text/unit.ts'

/** One wording of a product in a chain. A chain that has changed its wording has several. */
export type ChainDescription = {
  chainId: string
  hash: string
  firstObservedAt: number
  name: string | null
  manufacturer: string | null
  country: string | null
  unitOfMeasure: string | null
  unitQuantity: string | null
  isWeighted: boolean
  extra: Record<string, string> | null
}

/** How the product is displayed: the chosen name, and all names. */
export type ChosenDescription = {
  name: string | null
  names: string[]
  manufacturer: string | null
  country: string | null
  unitOfMeasure: string | null
  unitQuantity: string | null
  isWeighted: boolean
  extra: Record<string, string> | null
}

/**
 * Chooses one description from those of all chains. Every chain has one vote, its newest wording.
 * The most votes win, then the longer text, then the text that sorts first. The choice never
 * depends on the order in which descriptions were loaded.
 */
export function chooseDescription(all: ChainDescription[]): ChosenDescription {
  const votes = newestOfEachChain(all)
  const weighted = votes.filter((one) => one.isWeighted).length
  const withExtra = votes
    .filter((one) => one.extra !== null)
    .sort((a, b) => (isNewer(a, b) ? -1 : 1))
  const names = [...new Set(all.flatMap((one) => one.name ?? []))].sort()
  const isWhole = (name: string | null) => name !== null && !isCutBeginning(name, names)
  const whole = votes.map((one) => one.name).filter(isWhole)
  return {
    name: elect(whole) ?? elect(names.filter(isWhole)),
    names,
    manufacturer: elect(votes.map((one) => one.manufacturer)),
    country: elect(votes.map((one) => one.country)),
    ...chooseAmount(
      newestOfEachChain(
        all.filter((one) => one.unitOfMeasure !== null && one.unitQuantity !== null),
      ),
    ),
    isWeighted: weighted * 2 > votes.length,
    extra: withExtra[0]?.extra ?? null,
  }
}

/**
 * Chains cut names at about 20 letters: `מלפפון במלח 10-12 בי` begins `מלפפון במלח 10-12 בינוני`.
 */
const MIN_CUT_LENGTH = 15

/**
 * Whether a name is a truncated beginning of a longer name: cut inside a word, or long enough to be
 * truncated.
 */
export function isCutBeginning(name: string, names: readonly string[]): boolean {
  return names.some((other) => {
    if (other.length <= name.length || !other.startsWith(name)) return false
    return name.length >= MIN_CUT_LENGTH || /^[\p{L}\p{N}]/u.test(other.slice(name.length))
  })
}

function newestOfEachChain(all: ChainDescription[]): ChainDescription[] {
  const newest = new Map<string, ChainDescription>()
  for (const one of all) {
    const other = newest.get(one.chainId)
    if (other === undefined || isNewer(one, other)) newest.set(one.chainId, one)
  }
  return [...newest.values()].sort((a, b) => (a.chainId < b.chainId ? -1 : 1))
}

/**
 * Chooses the amount that most chains state, in any spelling (1 kilogram is 1000 gram). Of equal
 * votes the larger amount wins, because a wrong amount is nearly always a `1`. The spelling is the
 * one of most chains.
 */
function chooseAmount(
  votes: ChainDescription[],
): Pick<ChosenDescription, 'unitOfMeasure' | 'unitQuantity'> {
  const groups = new Map<string, { amount: number; spellings: string[] }>()
  for (const { unitOfMeasure, unitQuantity } of votes) {
    const { kind, amount } = measure(unitOfMeasure as Unit, unitQuantity as string)
    const group = groups.get(`${kind} ${amount}`) ?? { amount, spellings: [] }
    group.spellings.push(`${unitOfMeasure} ${unitQuantity}`)
    groups.set(`${kind} ${amount}`, group)
  }
  const ranked = [...groups].sort(
    ([a, one], [b, other]) =>
      other.spellings.length - one.spellings.length ||
      other.amount - one.amount ||
      (a < b ? -1 : 1),
  )
  const [unitOfMeasure = null, unitQuantity = null] =
    elect(ranked[0]?.[1].spellings ?? [])?.split(' ') ?? []
  return { unitOfMeasure, unitQuantity }
}

function isNewer(a: ChainDescription, b: ChainDescription): boolean {
  if (a.firstObservedAt !== b.firstObservedAt) return a.firstObservedAt > b.firstObservedAt
  return a.hash !== b.hash ? a.hash > b.hash : a.chainId < b.chainId
}

function elect(candidates: (string | null)[]): string | null {
  const votes = new Map<string, number>()
  for (const one of candidates) if (one !== null) votes.set(one, (votes.get(one) ?? 0) + 1)
  let best: string | null = null
  for (const [text, count] of votes) {
    if (best === null || count - (votes.get(best) ?? 0) > 0) best = text
    else if (
      count === votes.get(best) &&
      (text.length > best.length || (text.length === best.length && text < best))
    ) {
      best = text
    }
  }
  return best
}
