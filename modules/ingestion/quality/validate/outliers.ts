import { readPrice } from '../../files/cell-price.ts'
import { type CellState, stateText } from '../../files/cell-state.ts'
import type { CsvRow } from '../../files/csv-rows.ts'
import type { FileColumns } from '../../files/file-columns.ts'
import type { VersionFile } from '../../files/versions.ts'
import { findItemProduct } from '../../lists/item-product.ts'
import type { Place } from '../../lists/list-place.ts'
import { type PriceRole, priceColumns } from '../../lists/price-columns.ts'
import { readBlocks, type SourceBlock } from '../../lists/source-blocks.ts'
import type { Registry } from '../../staging/registry.ts'
import { formatNumber } from '../reading/markdown.ts'
import type { FileReading } from './file-reading.ts'
import { type Finding, finding } from './findings.ts'
import { isOutlier, type Median } from './price-counts.ts'

type Outlier = {
  file: string
  line: number
  sourceFile: string
  chain: string
  store: number
  code: string
  agorot: number
  median: Median
  rows: number
}

/** Prices that are out of bounds, by chain, store, product and price, each with its first row. */
export type Outliers = Map<string, Outlier>

/**
 * Adds the prices of a file that are out of bounds; `medians` covers the products with such prices.
 */
export async function findOutliers(
  file: VersionFile,
  { masking, slug, notAfter }: Pick<FileReading, 'masking' | 'slug' | 'notAfter'>,
  {
    registry,
    medians,
    found,
  }: { registry: Registry; medians: ReadonlyMap<number, Median>; found: Outliers },
): Promise<void> {
  const context = { masking, slug, notAfter, registry, full: true, onSourceFile: async () => {} }
  let cells = {} as FileColumns<PriceRole>['roles']

  function take(_: SourceBlock, row: CsvRow, { chainId, storeNumber, fileName }: Place): undefined {
    const [code, price] = [cells.code[0], cells.price[0]] as [CellState, CellState]
    const agorot = readPrice(price)
    if (typeof agorot === 'string' || agorot === 0) return
    const product = findItemProduct(registry, code, chainId)
    if (typeof product === 'string') return
    const median = medians.get(product)
    if (median === undefined || !isOutlier(agorot, median)) return
    const key = `${chainId}/${storeNumber}/${product}/${agorot}`
    const outlier = found.get(key)
    if (outlier !== undefined) outlier.rows++
    else {
      const place = { sourceFile: fileName, chain: chainId, store: storeNumber }
      found.set(key, {
        file: file.name,
        line: row.line,
        ...place,
        code: stateText(code) ?? '',
        agorot,
        median,
        rows: 1,
      })
    }
  }

  await readBlocks(file.open(), context, {
    columns: priceColumns,
    begin(columns) {
      cells = columns.roles
    },
    open: (block) => block,
    take,
    close: async () => {},
  })
}

/** Formats the outliers of a version as findings, the furthest from their medians first. */
export function toOutlierFindings(found: Outliers): Finding[] {
  return [...found.values()].sort((a, b) => distance(b) - distance(a)).map(toFinding)
}

function distance({ agorot, median }: Outlier): number {
  return Math.max(agorot / median.agorot, median.agorot / agorot)
}

function toFinding({
  file,
  line,
  rows,
  agorot,
  median,
  code,
  chain,
  store,
  sourceFile,
}: Outlier): Finding {
  const times = agorot / median.agorot
  const how = times > 1 ? `${formatNumber(times)} times` : `1/${formatNumber(1 / times)} of`
  const often = rows > 1 ? `, in ${formatNumber(rows)} rows` : ''
  return finding('price-outlier', 'warning', {
    file,
    source_file: sourceFile,
    line,
    chain_id: chain,
    store_number: store,
    product: code,
    message: `${shekels(agorot)} is ${how} the median ${shekels(median.agorot)} of ${formatNumber(median.prices)} prices${often}`,
    figures: {
      price: agorot / 100,
      median: median.agorot / 100,
      times,
      prices: median.prices,
      rows,
    },
  })
}

function shekels(agorot: number): string {
  return (agorot / 100).toFixed(2)
}
