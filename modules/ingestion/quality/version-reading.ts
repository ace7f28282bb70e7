import { message } from '../failure.ts'
import { detectMasking, type Masking } from '../masking.ts'
import { readParserCounts } from '../parser-status.ts'
import { readPriceFile } from '../price-file.ts'
import { readPromoFile } from '../promo-file.ts'
import { newRegistry, type Registry, takeFresh } from '../registry.ts'
import { type Family, readCsvName } from '../source-file.ts'
import type { SourceFileResult } from '../staging.ts'
import { readStoreFile } from '../store-file.ts'
import type { Version, VersionFile } from '../versions.ts'
import { readHeader } from './file-rows.ts'
import { unknownColumns } from './known-columns.ts'
import { countPrice, type PriceCounts, priceCounts } from './price-counts.ts'

/** Rows that loading would reject for the same kind of reason. */
export type RejectGroup = {
  reason: string
  rows: number
  /** The first of them. */
  first: { line: number; source_file: string; reason: string; raw: string }[]
}

/** What validation needs of a CSV. */
export type FileReading = {
  file: string
  family: Family
  slug: string
  masking: Masking
  rows: number
  /** Rows by source file, as read and as the parser counted them (null without its status file). */
  sourceFiles: Map<string, number>
  counted: Map<string, number> | null
  chains: Set<string>
  unknownColumns: string[]
  rejects: RejectGroup[]
  error: string | null
}

/** A price list: the rows of a source file of a store (`chain id/store number`) at a moment. */
export type ListReading = { store: string; moment: number; full: boolean; rows: number }

export type VersionReading = {
  version: string
  path: string
  date: string | null
  files: FileReading[]
  lists: ListReading[]
  /** The stores that the store files name. */
  namedStores: Set<string>
  /** What the parser counted for CSVs that are not there, by the name of the CSV. */
  countedElsewhere: Map<string, Map<string, number>>
}

/** All versions are read with one registry, and without a database; `stores` are the keys of its stores by id. */
export type ReadingContext = { registry: Registry; stores: Map<number, string>; prices: PriceCounts }

export function readingContext(): ReadingContext {
  return { registry: newRegistry(), stores: new Map(), prices: priceCounts() }
}

/** Reads a version as loading would, counts its prices, and keeps what the checks need. */
export async function readVersion(
  version: Version,
  context: ReadingContext,
  onFile: (file: string) => void,
): Promise<VersionReading> {
  const { name, path, date } = version
  const reading: VersionReading = {
    version: name,
    path,
    date,
    files: [],
    lists: [],
    namedStores: new Set(),
    countedElsewhere: new Map(),
  }
  // the words of products and the terms of promotions do not matter here
  const { wordings, promotions, termsByWording, termsByDigest } = context.registry
  for (const known of [wordings, promotions, termsByWording, termsByDigest]) known.clear()
  for (const file of version.files) {
    const csv = readCsvName(file.name)
    if (csv !== null) {
      onFile(file.name)
      const counted = await readParserCounts(version, csv)
      reading.files.push(await readFile(file, { ...csv, counted, reading, context }))
      continue
    }
    const status = STATUS_NAME.exec(file.name)
    if (status === null) continue
    const [, slug = '', family = ''] = status
    if (version.files.some((other) => isCsvOf(other.name, slug, family))) continue
    const counted = await readParserCounts(version, { slug, family })
    if (counted !== null) reading.countedElsewhere.set(`${family}_file_${slug}.csv`, counted)
  }
  return reading
}

const STATUS_NAME = /^(.+)_(price_full|price|promo_full|promo|store)_file\.json$/

function isCsvOf(name: string, slug: string, family: string): boolean {
  const csv = readCsvName(name)
  return csv !== null && csv.slug === slug && csv.family === family
}

type FileContext = {
  family: Family
  slug: string
  counted: Map<string, number> | null
  reading: VersionReading
  context: ReadingContext
}

async function readFile(file: VersionFile, about: FileContext): Promise<FileReading> {
  const { family, slug, counted } = about
  const read: FileReading = {
    file: file.name,
    family,
    slug,
    masking: 'all',
    rows: 0,
    sourceFiles: new Map(),
    counted,
    chains: new Set(),
    unknownColumns: [],
    rejects: [],
    error: null,
  }
  try {
    read.unknownColumns = unknownColumns(family, await readHeader(file.open()))
    read.masking = await detectMasking(file.open())
    const of = {
      masking: read.masking,
      slug,
      registry: about.context.registry,
      onSourceFile: sourceFileTaker(read, about),
    }
    if (family === 'store') await readStoreFile(file.open(), of)
    else if (family === 'price' || family === 'price_full') {
      await readPriceFile(file.open(), { ...of, full: family === 'price_full' })
    } else await readPromoFile(file.open(), { ...of, full: family === 'promo_full' })
  } catch (error) {
    read.error = message(error)
  }
  return read
}

function sourceFileTaker(read: FileReading, { family, reading, context }: FileContext) {
  const { registry, stores, prices } = context
  const storeKey = (id: number): string => {
    const store = stores.get(id)
    if (store === undefined) throw new Error(`Cannot tell the store with the number ${id}`)
    read.chains.add(store.replace(/\/.*/, ''))
    return store
  }
  return async ({ fileName, rows, list, storeFacts, rejects }: SourceFileResult): Promise<void> => {
    // of what is new only the stores matter here
    for (const { id, chainId, storeNumber } of takeFresh(registry).stores) stores.set(id, `${chainId}/${storeNumber}`)
    read.rows += rows
    read.sourceFiles.set(fileName, (read.sourceFiles.get(fileName) ?? 0) + rows)
    for (const { storeId } of storeFacts) reading.namedStores.add(storeKey(storeId))
    for (const reject of rejects) group(read.rejects, { ...reject, source_file: fileName })
    if (list === null) return
    const store = storeKey(list.storeId)
    if (family === 'promo' || family === 'promo_full') return
    reading.lists.push({ store, moment: list.moment, full: list.full, rows: list.rows })
    for (let i = 0; i < list.keys.length; i++) {
      countPrice(prices, list.keys[i] as number, list.values[i] as number)
    }
  }
}

const SHOWN_REJECTS = 3
const LONGEST_RAW = 300

/** Reasons tell the text that they are about behind a colon: what stands before it is their kind. */
function group(
  groups: RejectGroup[],
  reject: { line: number; source_file: string; reason: string; raw: string },
): void {
  const reason = reject.reason.replace(/: .*/s, '')
  let known = groups.find((one) => one.reason === reason)
  if (known === undefined) {
    known = { reason, rows: 0, first: [] }
    groups.push(known)
  }
  known.rows++
  const { line, source_file, raw } = reject
  if (known.first.length < SHOWN_REJECTS) {
    known.first.push({ line, source_file, reason: reject.reason, raw: raw.slice(0, LONGEST_RAW) })
  }
}
