import type { Chain } from './chain.ts'
import { withFaults } from './faults.ts'
import type { PriceList, PriceRow } from './price-list.ts'
import type { Store } from './stores.ts'
import type { World } from './world.ts'

/** The price lists of one version: the day's own, and a late delta of the day before. */
export function priceLists(world: World, day: number): PriceList[] {
  return world.stores.flatMap((store) => {
    const lists = [...fullLists(world, store, day), ...deltas(world, store, day)]
    return lists.map((list) => ({ ...list, slug: slugOf(store, day) }))
  })
}

type Unfiled = Omit<PriceList, 'slug'>

function fullLists(world: World, store: Store, day: number): Unfiled[] {
  if (!hasFullList(store, day)) return []
  const night = 2 * day
  const rows = world.shelf(store).flatMap((article) => {
    const agorot = world.offer(store, article, night)
    if (agorot === undefined || (agorot === 0 && !store.chain.soldOutAsZero)) return []
    return { article, agorot, pricedAt: world.pricedAt(store, article, night) }
  })
  const list = listAt(world, store, 'price_full', day, '03', withFaults(rows, store, day))
  if (!hasSecondFullList(store, day)) return [list]
  return [list, listAt(world, store, 'price_full', day, '12', rows)]
}

/**
 * A delta at noon with everything that changed since the last list; a late one is in the next
 * version.
 */
function deltas(world: World, store: Store, version: number): Unfiled[] {
  const day = comesLate(store) ? version - 1 : version
  const startedOn = world.dates.findIndex((_, at) => hasFullList(store, at))
  if (!store.chain.deltas || startedOn === -1 || day < startedOn || day >= store.silentFrom)
    return []
  const noon = 2 * day + 1
  const before = hasFullList(store, day) ? noon - 1 : noon - 2
  const rows = world.shelf(store).flatMap((article) => {
    const agorot = world.offer(store, article, noon) ?? 0
    if (agorot === (world.offer(store, article, before) ?? 0)) return []
    return { article, agorot, pricedAt: noon }
  })
  return [listAt(world, store, 'price', day, '12', rows)]
}

function hasFullList(store: Store, day: number): boolean {
  return day < store.silentFrom && (store.everyNight || (day + store.index) % 3 === 0)
}

/**
 * A full list at the same minute as the delta, with the prices of the night: the delta must win.
 */
function hasSecondFullList({ chain, index }: Store, day: number): boolean {
  return chain.index === 0 && index === 0 && day % 2 === 1
}

function comesLate({ chain, index }: Store): boolean {
  return chain.index === 3 && index === 1
}

/** Every other day, every other store of a chain with two slugs uses the second one. */
function slugOf({ chain, index }: Store, day: number): string {
  return chain.secondSlug !== undefined && index % 2 === 1 && day % 2 === 1
    ? chain.secondSlug
    : chain.slug
}

function listAt(
  world: World,
  store: Store,
  family: PriceList['family'],
  day: number,
  hour: string,
  rows: PriceRow[],
): Unfiled {
  const date = (world.dates[day] ?? '').replaceAll('-', '')
  const moment = `${date}${hour}${String(store.index % 60).padStart(2, '0')}00`
  const fileName = sourceName(
    store.chain,
    family === 'price' ? 'Price' : 'PriceFull',
    store.number,
    moment,
  )
  return { family, store, fileName, moment, rows }
}

/** The name of a source file as the chain writes it; `moment` is `YYYYMMDDHHMMSS`. */
export function sourceName(
  chain: Chain,
  type: string,
  storeNumber: number,
  moment: string,
): string {
  const store = String(storeNumber).padStart(3, '0')
  const minute = moment.slice(0, 12)
  switch (chain.fileNames) {
    case 'plain':
      return `${type}${chain.id}-${store}-${minute}.xml`
    case 'null-prefix':
      return `NULL${type}${chain.id}-${store}-${minute}.xml`
    case 'sub-chain':
      return `${type}${chain.id}-${chain.subChain}-${store}-${moment.slice(0, 8)}-${moment.slice(8)}.gz.xml`
    case 'no-extension':
      return `${type}${chain.id}-${store}-${minute}`
  }
}
