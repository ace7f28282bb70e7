import type { Chain } from './chain.ts'
import { csvFile } from './masking.ts'
import { folderOf, isOldForm } from './price-files.ts'
import { sourceName } from './price-lists.ts'
import type { Store } from './stores.ts'
import type { World } from './world.ts'

const COLUMNS = [
  ...[
    'found_folder',
    'file_name',
    'chainid',
    'subchainid',
    'storeid',
    'bikoretno',
    'storetype',
    'chainname',
    'subchainname',
  ],
  ...['storename', 'address', 'city', 'zipcode', 'lastupdatedate', 'lastupdatetime'],
]

/**
 * The stores in a chain's store file of the day; none in a file that is only its header; undefined
 * without a file.
 */
export function listedStores(world: World, chain: Chain, day: number): Store[] | undefined {
  const stores = world.stores.filter((store) => store.chain === chain)
  switch (chain.storeFile) {
    case 'nightly':
      return stores
    case 'header on odd days':
      return day % 2 === 1 ? [] : stores
    case 'weekly, with stores missing':
      return day % 7 === 0 ? stores.slice(0, -1) : undefined
  }
}

export function storeSourceName(world: World, chain: Chain, day: number): string {
  return sourceName(chain, 'Stores', 0, `${(world.dates[day] ?? '').replaceAll('-', '')}020000`)
}

/** One store file of a version: a chain's stores, sorted by number, in one block. */
export function storeFile(
  world: World,
  chain: Chain,
  stores: readonly Store[],
  day: number,
): string {
  const header = chain.coordinates ? [...COLUMNS, 'latitude', 'longitude'] : COLUMNS
  const rows = stores.map((store) => header.map((column) => cell(world, store, day, column)))
  const form = isOldForm(chain, day, world.dates.length) ? 'old' : 'new'
  return csvFile(header, [rows], { form, mixedLineEnds: false })
}

function cell(world: World, store: Store, day: number, column: string): string {
  const { chain, number, index, city } = store
  switch (column) {
    case 'found_folder':
      return `dumps/${folderOf(chain.slug)}`
    case 'file_name':
      return storeSourceName(world, chain, day)
    case 'chainid':
      return chain.id
    case 'subchainid':
      return chain.subChain
    case 'storeid':
      return String(number).padStart(chain.storePadding.store, '0')
    case 'bikoretno':
      return String(number % 10)
    case 'storetype':
      return index === 3 ? '2' : '1'
    case 'chainname':
      return chain.name
    case 'subchainname':
      return index % 4 === 1 ? `${chain.name} שלי` : chain.name
    case 'storename':
      return `${chain.name} ${city.name}${index % 5 === 2 ? ' "המרכז"' : ''}`
    case 'address':
      return index % 7 === 6 ? '0' : `${store.street}${index % 7 === 4 ? '\r\n' : ''}`
    case 'city':
      return cityText(store)
    case 'zipcode':
      return index % 3 === 1
        ? ''
        : index % 3 === 2
          ? '0000000'
          : String(1_000_000 + Number(city.code) * 37 + number)
    case 'lastupdatedate':
      return world.dates[day] ?? ''
    case 'lastupdatetime':
      return '02:00:00'
    case 'latitude':
      return city.latitude
    case 'longitude':
      return city.longitude
    default:
      throw new Error(`Cannot write the column ${column}: it is not one of a store file`)
  }
}

function cityText({ chain, index, city }: Store): string {
  if (chain.cities === 'codes') return city.code
  return chain.cities === 'some zero' && index % 4 === 1 ? '0' : city.name
}
