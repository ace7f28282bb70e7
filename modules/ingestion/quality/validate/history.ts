import type { Family } from '../../files/source-file.ts'
import { listsOf, type VersionReading } from './version-reading.ts'

/**
 * A CSV with rows in an earlier version, and the chain ids of those rows. `day` orders versions.
 */
export type EarlierFile = {
  family: Family
  slug: string
  chains: readonly string[]
  version: string
  day: string
}

/** The items of a chain on a day: the rows of the last full list of each store. */
export type DayItems = { chain: string; day: string; items: number; stores: number }

/** The facts from other versions, given or loaded. */
export type History = {
  files: EarlierFile[]
  items: DayItems[]
  /** The newest price list of each store (`chain id/store number`), in epoch milliseconds. */
  lastListed: Map<string, number>
  /** The stores in any store file. */
  namedStores: Set<string>
}

export function newHistory(): History {
  return { files: [], items: [], lastListed: new Map(), namedStores: new Set() }
}

/** The sort key of a version: its day, or its name without a day. */
export function dayOf({ date, version }: Pick<VersionReading, 'date' | 'version'>): string {
  return date ?? version
}

/** Adds a version that was read; it replaces loaded facts of the same name or day. */
export function addVersion(history: History, reading: VersionReading): void {
  const { version, files } = reading
  const day = dayOf(reading)
  history.files = history.files.filter((file) => file.version !== version)
  for (const { family, slug, chains, rows } of files) {
    if (rows > 0) history.files.push({ family, slug, chains: [...chains], version, day })
  }
  const items = itemsOf(reading)
  history.items = history.items.filter(
    (one) => one.day !== day || !items.some(({ chain }) => chain === one.chain),
  )
  history.items.push(...items)
  for (const { store, moment } of listsOf(reading)) {
    history.lastListed.set(store, Math.max(moment, history.lastListed.get(store) ?? moment))
  }
  for (const { namedStores } of files)
    for (const store of namedStores) history.namedStores.add(store)
}

/** The items of every chain with full lists in a version. */
export function itemsOf(reading: VersionReading): DayItems[] {
  const newest = new Map<string, { moment: number; rows: number }>()
  for (const { store, moment, full, rows } of listsOf(reading)) {
    if (full && moment >= (newest.get(store)?.moment ?? 0)) newest.set(store, { moment, rows })
  }
  const byChain = Map.groupBy(newest, ([store]) => store.replace(/\/.*/, ''))
  return [...byChain].map(([chain, stores]) => {
    const items = stores.reduce((sum, [, { rows }]) => sum + rows, 0)
    return { chain, day: dayOf(reading), items, stores: stores.length }
  })
}
