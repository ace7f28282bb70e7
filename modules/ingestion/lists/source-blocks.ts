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

/** How to read a CSV: its masking, its chain's slug, and whether its lists are full lists. */
export type ListFileContext = {
  masking: Masking
  full: boolean
  slug: string
  registry: Registry
  /** The latest timestamp (epoch milliseconds) that a list of the version may have. */
  notAfter: number
  /** Called for every source file of the CSV, in order. */
  onSourceFile(result: SourceFileResult): Promise<void>
}

/** A source file within a CSV while its rows are read. */
export type SourceBlock = {
  hash: Hash
  /** The start of the bytes that are not hashed yet. */
  hashFrom: number
  fileName: string
  rows: number
  target: Target
  /**
   * Why the current and following rows do not belong to the source file's store; null if they do.
   */
  astray: string | null
  rejects: Reject[]
}

/** The callbacks of a family of files for the blocks of a CSV and their rows. */
export type BlockReader<B extends SourceBlock, R extends string> = {
  columns: ColumnRules<R>
  /** Called with the file's columns; their states hold the current row. */
  begin(columns: FileColumns<R>): void
  open(block: SourceBlock): B
  /** Called for each row that belongs to its block's store. */
  take(block: B, row: CsvRow, place: Place): undefined
  close(block: B, sha256: Buffer): Promise<void>
}

const BROKEN_START = 'the first row of its source file cannot be read'

/** The reason for rejecting a row that would inherit a required value from an unreadable row. */
export const LOST = 'the row above it cannot be read'

/** Records a rejected row. */
export function rejectRow(block: SourceBlock, row: CsvRow, reason: string): undefined {
  block.rejects.push({ line: row.line, reason, raw: rawText(rowBytes(row)), listRow: block.rows })
}

/** The raw text of a row, valid until the next row is read. */
export function rowBytes({ bytes, from, to }: CsvRow): Buffer {
  return bytes.subarray(from, to)
}

/** The raw text without characters that PostgreSQL cannot store. */
export function rawText(bytes: Buffer): string {
  return bytes.toString('utf8').replaceAll('\0', '\uFFFD')
}

/**
 * Reads a CSV of lists by source file: undoes the masking, finds the store and timestamp, and
 * computes the digest. Rows without a store are rejected. Returns the number of data rows.
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

  /** Rows below an unreadable row must not inherit values from the row above it. */
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
      // consecutive rows of one source file are one list, even if every row has the file name
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

/**
 * The leading cells of the first row are not part of the digest, so it does not depend on the
 * folder.
 */
function hashStart(row: CsvRow, { width, leading }: RowLayout): number {
  return row.cells === width && leading > 0 ? (row.ends[leading - 1] as number) : row.from
}
