import { israelDate, israelIso, israelMoment } from '../../../../src/israel-time.ts'
import { formatCount, formatNumber } from '../reading/markdown.ts'
import { type Finding, finding, storeOf } from './findings.ts'
import { type DayItems, dayOf, type EarlierFile, type History, itemsOf } from './history.ts'
import { listsOf, type VersionReading } from './version-reading.ts'

const DAY = 86_400_000

/** Checks a version against earlier ones. */
export function checkAgainst(history: History, reading: VersionReading): Finding[] {
  return [...missingFiles(history, reading), ...itemCounts(history, reading)]
}

/**
 * A file is expected for `EXPECTED_DAYS` after it was last present. A lack of a chain's prices is
 * an error for `NEEDED_DAYS`.
 */
const EXPECTED_DAYS = 30
const NEEDED_DAYS = 7

function missingFiles(history: History, reading: VersionReading): Finding[] {
  const day = dayOf(reading)
  const present = new Set(
    reading.files.flatMap(({ family, slug, chains }) =>
      [slug, ...chains].map((of) => `${family} ${of}`),
    ),
  )
  const isThere = ({ slug, chains }: EarlierFile, family: string) =>
    [slug, ...chains].some((of) => present.has(`${family} ${of}`))
  const earlier = history.files.filter((file) => file.day < day && file.version !== reading.version)
  const filesBySource = Map.groupBy(
    earlier,
    ({ family, slug, chains }) => `${family} ${chains.toSorted().join() || slug}`,
  )
  const missing = [...filesBySource.values()].flatMap((files) => {
    const last = files.reduce((a, b) => (b.day > a.day ? b : a))
    if (isThere(last, last.family)) return []
    const days = daysBetween(last.day, day)
    if (days !== null && days > EXPECTED_DAYS) return []
    const isNeeded =
      last.family === 'price_full' &&
      !isThere(last, 'price') &&
      (days === null || days <= NEEDED_DAYS)
    const versions = new Set(files.map(({ version }) => version)).size
    const message = `missing: ${formatCount(versions, 'earlier version')} had it, last ${last.version}`
    return [
      finding('file-missing', isNeeded ? 'error' : 'warning', {
        file: `${last.family}_file_${last.slug}.csv`,
        chain_id: last.chains.length === 1 ? (last.chains[0] ?? null) : null,
        message,
        figures: { versions, last_version: last.version, ...(days === null ? {} : { days }) },
      }),
    ]
  })
  return missing.sort((a, b) => ((a.file ?? '') < (b.file ?? '') ? -1 : 1))
}

function daysBetween(from: string, to: string): number | null {
  const days = (Date.parse(to) - Date.parse(from)) / DAY
  return Number.isNaN(days) ? null : days
}

const COMPARED_DAYS = 7
const SPIKE = 1.5
const COLLAPSE = 0.5

function itemCounts(history: History, reading: VersionReading): Finding[] {
  return itemsOf(reading).flatMap(({ chain, day, items, stores }) => {
    const earlier = history.items.filter((one) => one.chain === chain && one.day < day)
    const days = earlier.sort((a, b) => (a.day < b.day ? 1 : -1)).slice(0, COMPARED_DAYS)
    if (days.length === 0) return []
    const usual = middle(days.map((one) => one.items))
    const usualStores = middle(days.map((one: DayItems) => one.stores))
    const share = items / usual
    if (share <= SPIKE && share >= 1 / SPIKE) return []
    const now = `${formatCount(items, 'item')} in ${formatCount(stores, 'store')}`
    const before = `${formatNumber(usual)} in ${formatNumber(usualStores)}`
    return [
      finding('item-count', share < COLLAPSE ? 'error' : 'warning', {
        chain_id: chain,
        message: `${now}; the median of ${formatCount(days.length, 'earlier day')} is ${before}`,
        figures: {
          items,
          stores,
          usual_items: usual,
          usual_stores: usualStores,
          days: days.length,
        },
      }),
    ]
  })
}

function middle(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const at = (sorted.length - 1) / 2
  return ((sorted[Math.floor(at)] ?? 0) + (sorted[Math.ceil(at)] ?? 0)) / 2
}

/** Checks the stores of all versions, as of the newest version. */
export function checkStores(
  history: History,
  newest: VersionReading,
  silentAfterDays: number,
): Finding[] {
  return [
    ...silentStores(history, newest, silentAfterDays),
    ...unlisted(history),
    ...undescribed(history, newest),
  ]
}

function silentStores(
  { lastListed }: History,
  newest: VersionReading,
  silentAfterDays: number,
): Finding[] {
  const asOf = endOf(newest)
  if (asOf === null) return []
  const silent = [...lastListed].map(([store, last]) => ({
    store,
    last,
    days: Math.floor((asOf - last) / DAY),
  }))
  return silent
    .filter(({ days }) => days >= silentAfterDays)
    .sort((a, b) => b.days - a.days || (a.store < b.store ? -1 : 1))
    .map(({ store, last, days }) => {
      return finding('store-silent', 'warning', {
        ...storeOf(store),
        message: `no price list for ${formatCount(days, 'day')}, since ${israelDate(last)}`,
        figures: { days, last_list_at: israelIso(last) },
      })
    })
}

/** The end of a version's day in Israel, or the time of its newest list. */
function endOf(reading: VersionReading): number | null {
  const [year, month, day] = (reading.date ?? '').split('-').map(Number)
  if (year !== undefined && month !== undefined && day !== undefined)
    return israelMoment(year, month, day + 1)
  const moments = listsOf(reading).map(({ moment }) => moment)
  return moments.length === 0 ? null : moments.reduce((a, b) => Math.max(a, b))
}

function unlisted({ namedStores, lastListed }: History): Finding[] {
  return ofChains(namedStores).flatMap(([chain_id, stores]) => {
    const named = stores.filter((store) => !lastListed.has(store))
    if (named.length === 0) return []
    const message = `${formatNumber(named.length)} of ${formatCount(stores.length, 'store')} of its store file never had a price list`
    return [storesFinding('store-unlisted', { chain_id, named, message, of: stores.length })]
  })
}

/** Limited to chains with store files. */
function undescribed({ namedStores }: History, newest: VersionReading): Finding[] {
  const described = new Set(ofChains(namedStores).map(([chain]) => chain))
  return ofChains(new Set(listsOf(newest).map(({ store }) => store))).flatMap(
    ([chain_id, stores]) => {
      const named = stores.filter((store) => !namedStores.has(store))
      if (named.length === 0 || !described.has(chain_id)) return []
      const message = `${formatNumber(named.length)} of ${formatCount(stores.length, 'store')} with price lists are in no store file`
      return [storesFinding('store-undescribed', { chain_id, named, message, of: stores.length })]
    },
  )
}

function storesFinding(
  check: 'store-unlisted' | 'store-undescribed',
  {
    chain_id,
    named,
    message,
    of,
  }: { chain_id: string; named: string[]; message: string; of: number },
): Finding {
  return finding(check, 'warning', {
    chain_id,
    message,
    named: named.sort(),
    figures: { stores: named.length, of },
  })
}

function ofChains(stores: ReadonlySet<string>): [chain: string, stores: string[]][] {
  return [...Map.groupBy(stores, (store) => store.replace(/\/.*/, ''))].sort(([a], [b]) =>
    a < b ? -1 : 1,
  )
}
