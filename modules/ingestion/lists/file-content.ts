import { detectMasking } from '../files/masking.ts'
import { readCsvName } from '../files/source-file.ts'
import type { VersionFile } from '../files/versions.ts'
import { newRegistry, takeFresh } from '../staging/registry.ts'
import type { SourceFileResult } from '../staging/staging.ts'
import { type FileCounts, readPriceFile } from './price-file.ts'
import { readPromoFile } from './promo-file.ts'
import { readStoreFile } from './store-file.ts'

/**
 * The content of a dataset file: the counts of its rows by outcome, and its prices in agorot by
 * list and product.
 */
export type FileContent = {
  counts: FileCounts
  /** The total rows by source file. */
  sourceRows: number
  /** Keys are `chain/store moment code`; an internal code follows its chain. */
  prices: Map<string, number>
}

/**
 * Reads one dataset file by the rules of loading, without a database. Throws for an unreadable
 * file.
 */
export async function readFileContent(file: VersionFile): Promise<FileContent> {
  const name = readCsvName(file.name)
  if (name === null) throw new Error(`Cannot read ${file.name}: it is no dataset file`)
  const { slug, family } = name
  const registry = newRegistry()
  const stores = new Map<number, string>()
  const products = new Map<number, string>()
  const prices = new Map<string, number>()
  let sourceRows = 0
  const isPrices = family === 'price' || family === 'price_full'
  const onSourceFile = async ({ rows, list }: SourceFileResult): Promise<void> => {
    sourceRows += rows
    const fresh = takeFresh(registry)
    for (const { id, chainId, storeNumber } of fresh.stores)
      stores.set(id, `${chainId}/${storeNumber}`)
    for (const { id, code, chainId } of fresh.products) products.set(id, `${chainId ?? ''}/${code}`)
    if (list === null || !isPrices) return
    const where = `${stores.get(list.storeId)} ${new Date(list.moment).toISOString()}`
    list.keys.forEach((id, i) => {
      const agorot = list.values[i] ?? 0
      if (agorot > 0) prices.set(`${where} ${products.get(id)}`, agorot)
    })
  }
  const read = family === 'store' ? readStoreFile : isPrices ? readPriceFile : readPromoFile
  const counts = await read(file.open(), {
    masking: await detectMasking(file.open()),
    slug,
    registry,
    full: family.endsWith('full'),
    notAfter: Number.POSITIVE_INFINITY,
    onSourceFile,
  })
  return { counts, sourceRows, prices }
}
