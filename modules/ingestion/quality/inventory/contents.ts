import { readChainId, readStoreNumber } from '../../files/cell-code.ts'
import { type CsvRow, cellText } from '../../files/csv-rows.ts'
import { readMoment } from '../../files/file-moment.ts'
import type { VersionFile } from '../../files/versions.ts'
import { readFileRows } from '../reading/file-rows.ts'

/** The contents of a CSV, from its key columns alone. */
export type FileContents = {
  columns: string[]
  rows: number
  /** Rows by source file. */
  sourceFiles: Map<string, number>
  chains: Set<string>
  /** `chain id/store number`. */
  stores: Set<string>
  /** The first and last timestamps of the source files, in epoch milliseconds; null without any. */
  first: number | null
  last: number | null
}

/** Reads the contents of a CSV. Throws if it cannot be read to its end. */
export async function readContents(file: VersionFile): Promise<FileContents> {
  const contents: FileContents = {
    columns: [],
    rows: 0,
    sourceFiles: new Map(),
    chains: new Set(),
    stores: new Set(),
    first: null,
    last: null,
  }
  let cells = { name: -1, chain: -1, store: -1 }
  let sourceFile = ''
  let chain: string | null = null
  await readFileRows(file.open(), {
    onHeader(columns) {
      contents.columns = columns
      cells = {
        name: columns.indexOf('file_name'),
        chain: columns.indexOf('chainid'),
        store: columns.indexOf('storeid'),
      }
    },
    onRow(row, begins) {
      if (begins) {
        sourceFile = row.fault === null ? cellText(row, cells.name).trim() : ''
        chain = null
        takeMoment(contents, sourceFile)
      }
      contents.rows++
      contents.sourceFiles.set(sourceFile, (contents.sourceFiles.get(sourceFile) ?? 0) + 1)
      if (row.fault !== null) return
      if (isGiven(row, cells.chain)) chain = readChainId(cellText(row, cells.chain))
      if (chain !== null && begins) contents.chains.add(chain)
      const store = isGiven(row, cells.store) ? readStoreNumber(cellText(row, cells.store)) : null
      if (chain !== null && store !== null) contents.stores.add(`${chain}/${store}`)
    },
  })
  return contents
}

function isGiven(row: CsvRow, cell: number): boolean {
  return cell >= 0 && (row.ends[cell] as number) > (row.starts[cell] as number)
}

function takeMoment(contents: FileContents, sourceFile: string): void {
  const moment = readMoment(sourceFile)
  if (moment === null) return
  contents.first = Math.min(contents.first ?? moment, moment)
  contents.last = Math.max(contents.last ?? moment, moment)
}
