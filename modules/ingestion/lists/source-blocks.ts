import { createHash, type Hash } from 'node:crypto'
import { type CellState, clearCell, takeCell } from '../files/cell-state.ts'
import {
  type CsvRow,
  columnNames,
  namedSourceFile,
  type RowLayout,
  readCsv,
} from '../files/csv-rows.ts'
import { type ColumnRules, type FileColumns, readColumns } from '../files/file-columns.ts'
import type { Masking } from '../files/masking.ts'
import type { Registry } from '../staging/registry.ts'
import type { Reject, SourceFileResult } from '../staging/staging.ts'
import { findAstray, isGiven, type Place, readTarget, type Target } from './list-place.ts'

/** How a CSV is read: its masking, its chain's slug, and whether its lists are full ones. */
export type ListFileContext = {
  masking: Masking
  full: boolean
  slug: string
  registry: Registry
  /** The last moment (epoch milliseconds) that a list of the version may have. */
  notAfter: number
  /** Called with every source file of the CSV, in order. */
  onSourceFile(result: SourceFileResult): Promise<void>
}

/** A source file within a CSV, while its rows are read. */
export type SourceBlock = {
  hash: Hash
  /** Where the bytes that are not hashed yet begin. */
  hashFrom: number
  fileName: string
  rows: number
  target: Target
  /** Why the rows from here on do not belong to the source file's store; null when they do. */
  astray: string | null
  rejects: Reject[]
}

/** What a family of files does with the blocks of a CSV and their rows. */
export type BlockReader<B extends SourceBlock, R extends string> = {
  columns: ColumnRules<R>
  /** Told the file's columns, whose states hold every row that is taken. */
  begin(columns: FileColumns<R>): void
  open(block: SourceBlock): B
  /** Takes a row that belongs to its block's store. */
  take(block: B, row: CsvRow, place: Place): undefined
  close(block: B, sha256: Buffer): Promise<void>
}

const BROKEN_START = 'the first row of its source file cannot be read'

/** Why a row is rejected that takes over, from a row that cannot be read, what it must say itself. */
export const LOST = 'the row above it cannot be read'

/** Keeps a row that cannot be used. */
export function rejectRow(block: SourceBlock, row: CsvRow, reason: string): undefined {
  block.rejects.push({ line: row.line, reason, raw: rawText(rowBytes(row)), listRow: block.rows })
}

/** A row as it came, until the next one is read. */
export function rowBytes({ bytes, from, to }: CsvRow): Buffer {
  return bytes.subarray(from, to)
}

/** The same as PostgreSQL can keep it. */
export function rawText(bytes: Buffer): string {
  return bytes.toString('utf8').replaceAll('\0', '\uFFFD')
}

/**
 * Reads a CSV of lists source file by source file: undoes the masking, tells each one's store and moment, and makes its
 * digest. Rows that belong to no store are rejected. Returns the number of data rows.
 */
export async function readBlocks<B extends SourceBlock, R extends string>(
  chunks: AsyncIterable<Uint8Array>,
  context: ListFileContext,
  reader: BlockReader<B, R>,
): Promise<number> {
  const { family } = reader.columns
  let columns: FileColumns<R> | null = null
  let headerText = ''
  let block: B | null = null
  let rows = 0

  function count(current: B): void {
    rows++
    current.rows++
  }

  function take(current: B, row: CsvRow, { states, roles }: FileColumns<R>): undefined {
    count(current)
    const { target } = current
    if ('fault' in target) return rejectRow(current, row, target.fault)
    for (let i = 0; i < states.length; i++) takeCell(states[i] as CellState, row)
    if (isGiven(roles.store, row) || isGiven(roles.chain, row))
      current.astray = findAstray(target, roles)
    if (current.astray !== null) return rejectRow(current, row, current.astray)
    return reader.take(current, row, target)
  }

  /** What a row that cannot be read says, the rows below it do not take over from the row above it. */
  function refuse(current: B, row: CsvRow, fault: string): undefined {
    count(current)
    for (const state of columns?.content ?? []) if (state.carried) state.lost = true
    return rejectRow(current, row, fault)
  }

  const close = (current: B): Promise<void> => reader.close(current, current.hash.digest())

  await readCsv(chunks, {
    onRow(row) {
      if (columns === null) {
        if (row.fault !== null)
          throw new Error(`Cannot read a ${family} file: its header has ${row.fault}`)
        columns = readColumns(columnNames(row), context.masking, reader.columns)
        reader.begin(columns)
        headerText = row.bytes.toString('utf8', row.from, row.to)
        return
      }
      const { layout, states, roles } = columns
      const { width } = layout
      const fault =
        row.fault ?? (row.cells === width ? null : `${row.cells} cells instead of ${width}`)
      const name = namedSourceFile(row, layout)
      // consecutive rows of one source file are one list, also where each of them names it
      if (block !== null && (name === null || name === block.fileName)) {
        if (name !== null && fault === null) for (const state of states) clearCell(state)
        return fault === null ? take(block, row, columns) : refuse(block, row, fault)
      }
      const previous = block
      previous?.hash.update(row.bytes.subarray(previous.hashFrom, row.from))
      for (const state of states) clearCell(state)
      if (fault === null) for (const state of states) takeCell(state, row)
      block = reader.open({
        hash: createHash('sha256').update(`${context.masking}\n${headerText}\n`),
        hashFrom: hashStart(row, layout),
        fileName: name ?? '',
        rows: 0,
        target:
          fault === null
            ? readTarget(roles, { ...context, fileName: name ?? '' })
            : { fault: BROKEN_START },
        astray: null,
        rejects: [],
      })
      if (fault === null) take(block, row, columns)
      else refuse(block, row, fault)
      return previous === null ? undefined : close(previous)
    },
    onRelease(bytes, end) {
      if (block === null) return
      block.hash.update(bytes.subarray(block.hashFrom, end))
      block.hashFrom = 0
    },
  })
  if (columns === null) throw new Error(`Cannot read a ${family} file: it is empty`)
  if (block !== null) await close(block)
  return rows
}

/** A list is the same wherever it was found: what leads its first row is not part of its digest. */
function hashStart(row: CsvRow, { width, leading }: RowLayout): number {
  return row.cells === width && leading > 0 ? (row.ends[leading - 1] as number) : row.from
}
