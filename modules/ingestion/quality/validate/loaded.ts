import type { Db } from '../../../../src/db/connect.ts'
import { readChainsOfSlugs, readStoresSeen } from '../../../catalog/index.ts'
import { countCurrentPrices, readDayItems } from '../../../pricing/index.ts'
import { readCsvName } from '../../files/source-file.ts'
import { productByText } from '../../staging/registry.ts'
import type { ReadingContext } from './file-reading.ts'
import { type History, newHistory } from './history.ts'
import { countPrice } from './price-counts.ts'

/** A database, and the dataset whose versions are compared. */
export type Loaded = { db: Db; datasetId: string }

/**
 * The facts of the dataset's versions in a database; null without any version. Counts the current
 * prices of the database in `context`.
 */
export async function readLoaded(
  { db, datasetId }: Loaded,
  context: ReadingContext,
): Promise<History | null> {
  const [made] = await db<
    { any: boolean }[]
  >`select to_regclass('ingestion.datasets') is not null as any`
  if (made?.any !== true) return null
  const files = await db<{ name: string; version: string; day: string }[]>`
    select f.name, d.version, coalesce(d.download_date::text, d.version) as day
    from ingestion.files f join ingestion.datasets d on d.id = f.dataset_id where d.dataset_id = ${datasetId} and f.rows > 0`
  if (files.length === 0) return null
  const history = newHistory()
  const chains = await readChainsOfSlugs(db)
  for (const { name, version, day } of files) {
    const csv = readCsvName(name)
    if (csv !== null)
      history.files.push({ ...csv, chains: chains.get(csv.slug) ?? [], version, day })
  }
  for (const { chain_id: chain, ...one } of await readDayItems(db))
    history.items.push({ chain, ...one })
  for (const { chain_id, store_number, last_observed_at, named } of await readStoresSeen(db)) {
    const store = `${chain_id}/${store_number}`
    if (last_observed_at !== null) history.lastListed.set(store, last_observed_at.getTime())
    if (named) history.namedStores.add(store)
  }
  await countLoadedPrices(db, context)
  return history
}

async function countLoadedPrices(db: Db, { registry, prices }: ReadingContext): Promise<void> {
  const numbers = new Map<number, number>()
  const products = db<
    { id: number; code: string; chain_id: string | null }[]
  >`select id, code, chain_id from catalog.products`
  for await (const page of products.cursor(20_000)) {
    for (const { id, code, chain_id } of page)
      numbers.set(id, productByText(registry, code, chain_id ?? ''))
  }
  await countCurrentPrices(db, ({ product, agorot, stores }) => {
    const number = numbers.get(product)
    if (number !== undefined) countPrice(prices, number, agorot, stores)
  })
}
