import { israelIso } from '../../../../src/israel-time.ts'
import { readParserCounts, readStatusName } from '../../files/parser-status.ts'
import { type Family, readCsvName } from '../../files/source-file.ts'
import type { Version, VersionFile } from '../../files/versions.ts'
import { message } from '../../runs/failure.ts'
import { fileReporter, type OnFile } from '../reading/versions-read.ts'
import { type FileContents, readContents } from './contents.ts'

/**
 * A file of a version with its type and, for a CSV, its contents. Timestamps are in Israel time.
 */
export type InventoryFile = {
  file: string
  type: Family | 'status' | 'index' | 'other'
  slug: string | null
  bytes: number
  chain_ids: string[]
  rows: number | null
  source_files: number | null
  stores: number | null
  columns: number | null
  first_moment: string | null
  last_moment: string | null
  /** The comparison with the parser's status file of the CSV; null without one. */
  status: { source_files: number; without_rows: number; rows: number } | null
  error: string | null
}

/** The files of a version by chain and type, with the totals of its CSVs. */
export type VersionInventory = {
  version: string
  path: string
  date: string | null
  bytes: number
  rows: number
  source_files: number
  chains: number
  stores: number
  files: InventoryFile[]
}

/** Lists the contents of a version. An unreadable file is listed with its error. */
export async function takeInventory(version: Version, onFile: OnFile): Promise<VersionInventory> {
  const report = fileReporter(version, onFile)
  const files: InventoryFile[] = []
  const chains = new Set<string>()
  const stores = new Set<string>()
  for (const file of version.files) {
    const listed = emptyEntry(file)
    files.push(listed)
    const name = readCsvName(file.name)
    if (name === null) continue
    report(file.name)
    listed.status = toStatus(await readParserCounts(version, name))
    try {
      const contents = await readContents(file)
      for (const chain of contents.chains) chains.add(chain)
      for (const store of contents.stores) stores.add(store)
      Object.assign(listed, figuresOf(contents))
    } catch (error) {
      listed.error = message(error)
    }
  }
  const { name, path, date } = version
  const sum = (figure: 'bytes' | 'rows' | 'source_files') =>
    files.reduce((total, file) => total + (file[figure] ?? 0), 0)
  return {
    version: name,
    path,
    date,
    bytes: sum('bytes'),
    rows: sum('rows'),
    source_files: sum('source_files'),
    chains: chains.size,
    stores: stores.size,
    files: files.sort(byChainAndType),
  }
}

function emptyEntry({ name, bytes }: VersionFile): InventoryFile {
  const csv = readCsvName(name)
  const type =
    csv?.family ?? (name === 'index.json' ? 'index' : name.endsWith('.json') ? 'status' : 'other')
  return {
    file: name,
    type,
    slug: csv?.slug ?? readStatusName(name)?.slug ?? null,
    bytes,
    chain_ids: [],
    rows: null,
    source_files: null,
    stores: null,
    columns: null,
    first_moment: null,
    last_moment: null,
    status: null,
    error: null,
  }
}

function figuresOf({
  columns,
  rows,
  sourceFiles,
  chains,
  stores,
  first,
  last,
}: FileContents): Partial<InventoryFile> {
  return {
    chain_ids: [...chains].sort(),
    rows,
    source_files: sourceFiles.size,
    stores: stores.size,
    columns: columns.length,
    first_moment: first === null ? null : israelIso(first),
    last_moment: last === null ? null : israelIso(last),
  }
}

function toStatus(counts: Map<string, number> | null): InventoryFile['status'] {
  if (counts === null) return null
  const rows = [...counts.values()]
  return {
    source_files: rows.length,
    without_rows: rows.filter((count) => count === 0).length,
    rows: rows.reduce((total, count) => total + count, 0),
  }
}

const ORDER: InventoryFile['type'][] = [
  'price_full',
  'price',
  'promo_full',
  'promo',
  'store',
  'status',
  'index',
  'other',
]

/** Sorts by slug; files without a chain come last. */
function byChainAndType(a: InventoryFile, b: InventoryFile): number {
  const key = ({ slug, type, file }: InventoryFile) =>
    `${slug ?? '\uFFFF'} ${ORDER.indexOf(type)} ${file}`
  return key(a) < key(b) ? -1 : 1
}
