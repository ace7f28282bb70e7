import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isOldForm, priceFile } from './price-files.ts'
import { priceLists } from './price-lists.ts'
import { promoFile, promoRows } from './promo-files.ts'
import { promotionLists } from './promotions.ts'
import { parserStatus, versionIndex } from './status-files.ts'
import { listedStores, storeFile, storeSourceName } from './store-files.ts'
import { createWorld, type SampleOptions, type World } from './world.ts'

export { type SampleTruth, sampleTruth } from './truth.ts'
export type { SampleOptions } from './world.ts'

/**
 * Writes an invented market in the publisher's form: `outDir/YYYY-MM-DD/` is one dataset version
 * with its CSV files, `index.json` and the parser's status files. Same options, same bytes, on
 * every machine. By default 14 days of 60 stores and 3,000 products. Returns the folders, oldest
 * first.
 */
export async function writeSample(outDir: string, options: SampleOptions = {}): Promise<string[]> {
  const world = createWorld(options)
  const folders: string[] = []
  for (const [day, date] of world.dates.entries()) {
    const folder = join(outDir, date)
    await mkdir(folder, { recursive: true })
    for (const [name, text] of versionFiles(world, day)) await writeFile(join(folder, name), text)
    folders.push(folder)
  }
  return folders
}

/** The files of one version, one at a time: only one is in memory. */
function* versionFiles(world: World, day: number): Generator<[name: string, text: string]> {
  yield ['index.json', versionIndex(world.dates.slice(0, day + 1))]
  yield* storeFiles(world, day)
  yield* priceFiles(world, day)
  yield* promoFiles(world, day)
}

function* storeFiles(world: World, day: number): Generator<[string, string]> {
  for (const chain of world.chains) {
    const stores = listedStores(world, chain, day)
    if (stores === undefined) continue
    yield [`store_file_${chain.slug}.csv`, storeFile(world, chain, stores, day)]
    const source = { name: storeSourceName(world, chain, day), rows: stores.length }
    yield [
      `${chain.slug}_store_file.json`,
      parserStatus(chain.slug, 'store', [source], world.dates[day] ?? ''),
    ]
  }
}

function* priceFiles(world: World, day: number): Generator<[string, string]> {
  const groups = Map.groupBy(priceLists(world, day), ({ family, slug }) => `${family}_file_${slug}`)
  for (const [name, lists] of groups) {
    const [first] = lists
    if (first === undefined) continue
    const date = world.dates[day] ?? ''
    const suffix = isOldForm(first.store.chain, day, world.dates.length)
      ? `_${date.replaceAll('-', '')}`
      : ''
    const filled = lists.filter((list) => list.rows.length > 0)
    if (filled.length > 0) yield [`${name}${suffix}.csv`, priceFile(world, filled, day)]
    const sources = lists.map((list) => ({ name: list.fileName, rows: list.rows.length }))
    yield [
      `${first.slug}_${first.family}_file.json`,
      parserStatus(first.slug, first.family, sources, date),
    ]
  }
}

function* promoFiles(world: World, day: number): Generator<[string, string]> {
  const date = world.dates[day] ?? ''
  const groups = Map.groupBy(
    promotionLists(world, day),
    ({ family, store }) => `${family}_file_${store.chain.slug}`,
  )
  for (const [name, lists] of groups) {
    const [first] = lists
    if (first === undefined) continue
    yield [`${name}.csv`, promoFile(lists, date)]
    const { slug } = first.store.chain
    const sources = lists.map((list) => ({
      name: list.fileName,
      rows: promoRows(list, date).length,
    }))
    yield [`${slug}_${first.family}_file.json`, parserStatus(slug, first.family, sources, date)]
  }
}
