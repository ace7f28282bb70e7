import type { Chain } from './chain.ts'
import { hash, pick } from './random.ts'

/** A store of the sample: its place and how often it publishes. */
export type Store = {
  chain: Chain
  /** Index among the chain's stores. */
  index: number
  number: number
  city: City
  street: string
  /** Price zone; each chain has three. */
  zone: number
  /** A full list every night, or every third night with deltas in between. */
  everyNight: boolean
  /** Index of the first day without new lists; 0 for a store that never had a price. */
  silentFrom: number
}

/** A real city with its code in the Central Bureau of Statistics' list of settlements. */
export type City = { name: string; code: string; latitude: string; longitude: string }

const cities: readonly City[] = [
  { name: 'ירושלים', code: '3000', latitude: '31.778', longitude: '35.217' },
  { name: 'תל אביב - יפו', code: '5000', latitude: '32.081', longitude: '34.781' },
  { name: 'חיפה', code: '4000', latitude: '32.794', longitude: '34.990' },
  { name: 'באר שבע', code: '9000', latitude: '31.252', longitude: '34.791' },
  { name: 'ראשון לציון', code: '8300', latitude: '31.964', longitude: '34.804' },
  { name: 'אשדוד', code: '70', latitude: '31.804', longitude: '34.655' },
  { name: 'פתח תקווה', code: '7900', latitude: '32.084', longitude: '34.888' },
  { name: 'נתניה', code: '7400', latitude: '32.321', longitude: '34.853' },
  { name: 'הרצליה', code: '6400', latitude: '32.166', longitude: '34.843' },
  { name: 'כפר סבא', code: '6900', latitude: '32.178', longitude: '34.907' },
  { name: 'רחובות', code: '8400', latitude: '31.894', longitude: '34.811' },
  { name: 'אילת', code: '2600', latitude: '29.557', longitude: '34.951' },
]
const streets = [
  'הרצל',
  'הזית',
  'האלון',
  "ז'בוטינסקי",
  'הנרקיס',
  "שד' ירושלים",
  'דרך המלך',
  'הגפן',
  'המלאכה',
  'קניון "השקמה"',
]
/** A store is stale after a week, so nine days without lists show it. */
const SILENT_DAYS = 9

/** The stores of all chains, in proportion to their shares; every chain has at least one. */
export function placeStores(chains: readonly Chain[], count: number, days: number): Store[] {
  if (count < chains.length)
    throw new Error(`Cannot place ${count} stores: there are ${chains.length} chains`)
  const total = chains.reduce((sum, chain) => sum + chain.weight, 0)
  const shares = chains.map((chain) => Math.max(1, Math.floor((count * chain.weight) / total)))
  const rest = count - shares.reduce((sum, share) => sum + share, 0)
  return chains.flatMap((chain, at) =>
    Array.from({ length: (shares[at] ?? 0) + (at === 0 ? rest : 0) }, (_, index) =>
      placeStore(chain, index, days),
    ),
  )
}

function placeStore(chain: Chain, index: number, days: number): Store {
  const h = hash(chain.index, index)
  return {
    chain,
    index,
    number: chain.firstStore + index * 2 + (h % 2),
    city: pick(cities, index * 5 + chain.index * 3),
    street: `${pick(streets, h >>> 4)} ${1 + ((h >>> 8) % 90)}`,
    zone: index % 3,
    everyNight: index % 5 < 3,
    silentFrom: silentFrom(chain, index, days),
  }
}

function silentFrom(chain: Chain, index: number, days: number): number {
  if (chain.index === 0 && index === 10) return 0
  if (chain.index === 1 && index === 1 && days > SILENT_DAYS) return days - SILENT_DAYS
  return days
}
