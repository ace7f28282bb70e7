import { detectMasking, type Masking } from '../../files/masking.ts'
import type { CsvName, Family } from '../../files/source-file.ts'
import type { VersionFile } from '../../files/versions.ts'
import { readPriceFile } from '../../lists/price-file.ts'
import { readPromoFile } from '../../lists/promo-file.ts'
import { readStoreFile } from '../../lists/store-file.ts'
import { message } from '../../runs/failure.ts'
import { newRegistry, type Registry, takeFresh } from '../../staging/registry.ts'
import type { SourceFileResult } from '../../staging/staging.ts'
import { readHeader } from '../reading/file-rows.ts'
import { unknownColumns } from './known-columns.ts'
import { countPrice, type PriceCounts, priceCounts } from './price-counts.ts'

/** Rows that loading would reject for one kind of reason. */
export type RejectGroup = {
  reason: string
  rows: number
  /** The line of the first row. */
  first: RejectedRow[]
}
type RejectedRow = { line: number; source_file: string; reason: string; raw: string }

/**
 * A price list: the row count of a source file of a store (`chain id/store number`) at one time.
 */
export type ListReading = {
  store: string
  moment: number
  full: boolean
  rows: number
  sourceFile: string
}

/** The facts of a CSV for validation. */
export type FileReading = {
  file: string
  family: Family
  slug: string
  masking: Masking
  rows: number
  /** Rows by source file, as read and as counted by the parser (null without its status file). */
  sourceFiles: Map<string, number>
  counted: Map<string, number> | null
  /** The latest timestamp that a list of its version may have. */
  notAfter: number
  chains: Set<string>
  unknownColumns: string[]
  /** The price lists in the CSV. */
  lists: ListReading[]
  /** The stores in a store file. */
  namedStores: Set<string>
  rejects: RejectGroup[]
  error: string | null
}

/**
 * State shared by all files: a registry without a database; `stores` are the keys of its stores by
 * id.
 */
export type ReadingContext = {
  registry: Registry
  stores: Map<number, string>
  prices: PriceCounts
}

export function readingContext(): ReadingContext {
  return { registry: newRegistry(), stores: new Map(), prices: priceCounts() }
}

/** Reads a CSV by the rules of loading and counts its prices. A read error is in `error`. */
export async function readFile(
  file: VersionFile,
  { family, slug, counted, notAfter }: CsvName & Pick<FileReading, 'counted' | 'notAfter'>,
  context: ReadingContext,
): Promise<FileReading> {
  const read: FileReading = {
    file: file.name,
    family,
    slug,
    masking: 'all',
    rows: 0,
    sourceFiles: new Map(),
    counted,
    notAfter,
    chains: new Set(),
    unknownColumns: [],
    lists: [],
    namedStores: new Set(),
    rejects: [],
    error: null,
  }
  try {
    read.unknownColumns = unknownColumns(family, await readHeader(file.open()))
    read.masking = await detectMasking(file.open())
    const { masking } = read
    const options = {
      masking,
      slug,
      notAfter,
      registry: context.registry,
      onSourceFile: sourceFileTaker(read, context),
    }
    if (family === 'store') await readStoreFile(file.open(), options)
    else if (isPromo(family))
      await readPromoFile(file.open(), { ...options, full: family === 'promo_full' })
    else await readPriceFile(file.open(), { ...options, full: family === 'price_full' })
  } catch (error) {
    read.error = message(error)
  }
  return read
}

function isPromo(family: Family): boolean {
  return family === 'promo' || family === 'promo_full'
}

function sourceFileTaker(read: FileReading, { registry, stores, prices }: ReadingContext) {
  const storeKey = (id: number): string => {
    const store = stores.get(id)
    if (store === undefined) throw new Error(`Cannot tell the store with the number ${id}`)
    read.chains.add(store.replace(/\/.*/, ''))
    return store
  }
  return async ({ fileName, rows, list, storeFacts, rejects }: SourceFileResult): Promise<void> => {
    // only the new stores matter here
    for (const { id, chainId, storeNumber } of takeFresh(registry).stores)
      stores.set(id, `${chainId}/${storeNumber}`)
    read.rows += rows
    read.sourceFiles.set(fileName, (read.sourceFiles.get(fileName) ?? 0) + rows)
    for (const { storeId } of storeFacts) read.namedStores.add(storeKey(storeId))
    for (const reject of rejects) addToGroup(read.rejects, { ...reject, source_file: fileName })
    if (list === null) return
    const store = storeKey(list.storeId)
    if (isPromo(read.family)) return
    const { moment, full } = list
    read.lists.push({ store, moment, full, rows: list.rows, sourceFile: fileName })
    for (let i = 0; i < list.keys.length; i++) {
      countPrice(prices, list.keys[i] as number, list.values[i] as number)
    }
  }
}

const SHOWN_REJECTS = 3
const LONGEST_RAW = 300

/** A reason has its kind before a colon and the rejected text after it. */
function addToGroup(groups: RejectGroup[], reject: RejectedRow): void {
  const reason = reject.reason.replace(/: .*/s, '')
  let group = groups.find((one) => one.reason === reason)
  if (group === undefined) {
    group = { reason, rows: 0, first: [] }
    groups.push(group)
  }
  group.rows++
  const { line, source_file, raw } = reject
  if (group.first.length < SHOWN_REJECTS) {
    group.first.push({ line, source_file, reason: reject.reason, raw: raw.slice(0, LONGEST_RAW) })
  }
}
