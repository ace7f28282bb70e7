import { readText, visibleText } from './cell-text.ts'
import { isSourceFileName } from './file-moment.ts'
import { toUtf8 } from './text-encoding.ts'

/**
 * Reads CSV (RFC 4180, LF and CRLF mixed) from a stream of bytes without making a string of any cell: a row is a range
 * of a buffer and the offsets where its cells end. The bulk path needs that (docs/adr/0006-csv-reader.md).
 */
const COMMA = 0x2c
const QUOTE = 0x22
const LF = 0x0a
const CR = 0x0d
const READ_AHEAD = 1 << 20
/** A quoted cell longer than this was never closed: the longest is the items of a promotion, 80 bytes each. */
const LONGEST_CELL = 8 << 20
const MAX_CELLS = 1024
/** So much of a torn row is looked at for the name of a source file. */
const LONGEST_TORN = 1 << 16
/** A kind and a chain: what no other cell has. */
const SOURCE_FILE = /(price|promo|stores?)(full)?\d{6,}/i

/**
 * One row, valid until the next one is read: cell `i` is `bytes[starts[i], ends[i])`, quotes included. A row that
 * cannot be read has a `fault`, no cells, and `bytes[from, to)` as it came.
 */
export type CsvRow = {
  bytes: Buffer
  from: number
  to: number
  cells: number
  starts: Int32Array
  ends: Int32Array
  line: number
  fault: string | null
}

/** What a reader does with rows; `onRelease` is told the end of the rows read so far before their bytes are moved. */
export type CsvHandlers = {
  onRow(row: CsvRow): Promise<void> | 'stop' | undefined
  onRelease?(bytes: Buffer, end: number): void
}

/**
 * Calls `onRow` for every row of the stream, the header included; waits where it returns a promise and ends where it
 * returns `stop`. Rows without any byte are passed over. A row is faulty when a quote in it is never closed, or when it spans lines and has
 * text behind a closing quote or not the header's number of cells: then only its first line is given up.
 */
export async function readCsv(
  chunks: AsyncIterable<Uint8Array>,
  handlers: CsvHandlers,
): Promise<void> {
  let buffer = Buffer.allocUnsafe(4 * READ_AHEAD)
  let used = 0
  let width = 0
  const row: CsvRow = {
    bytes: buffer,
    from: 0,
    to: 0,
    cells: 0,
    starts: new Int32Array(MAX_CELLS),
    ends: new Int32Array(MAX_CELLS),
    line: 1,
    fault: null,
  }

  /** Reads the row at `row.from`: its end (behind the line break), or -1 when more bytes are needed. */
  function scan(last: boolean): number {
    const bytes = buffer
    const { starts, ends } = row
    let at = row.from
    let start = at
    let cells = 0
    let lines = 1
    let misquoted = false
    const stop = used
    for (;;) {
      // nearly all bytes are letters and digits, which stand above all marks
      let byte = COMMA + 1
      while (at < stop) {
        byte = bytes[at] as number
        if (byte <= COMMA) break
        at++
      }
      if (at >= stop) {
        if (!last) return -1
        break
      }
      if (byte === LF) break
      if (byte === COMMA) {
        if (cells === MAX_CELLS - 1) return giveUpLine(`more than ${MAX_CELLS} cells`, last)
        starts[cells] = start
        ends[cells++] = at++
        start = at
      } else if (byte === QUOTE && at === start) {
        let close = bytes.indexOf(QUOTE, at + 1)
        while (close >= 0 && close + 1 < used && bytes[close + 1] === QUOTE)
          close = bytes.indexOf(QUOTE, close + 2)
        if (close < 0 || close >= used) {
          if (!last && used - at <= LONGEST_CELL) return -1
          return giveUpLine('a quote that is never closed', last)
        }
        if (close + 1 >= used && !last) return -1
        for (let lf = bytes.indexOf(LF, at); lf >= 0 && lf < close; lf = bytes.indexOf(LF, lf + 1))
          lines++
        at = close + 1
        const next = bytes[at]
        if (at < used && next !== COMMA && next !== LF && next !== CR) misquoted = true
      } else at++
    }
    const end = at > start && bytes[at - 1] === CR ? at - 1 : at
    starts[cells] = start
    ends[cells++] = end
    if (lines > 1 && (misquoted || (width > 0 && cells !== width)))
      return giveUpLine('a quote in the wrong place', last)
    row.to = end
    row.cells = cells
    row.fault = null
    nextLine = row.line + lines
    return at + 1
  }

  function giveUpLine(fault: string, last: boolean): number {
    const lf = buffer.indexOf(LF, row.from)
    const found = lf >= 0 && lf < used
    if (!found && !last) return -1
    row.to = found ? lf : used
    row.cells = 0
    row.fault = fault
    nextLine = row.line + 1
    return row.to + 1
  }

  let nextLine = 1
  async function drain(last: boolean): Promise<boolean> {
    row.bytes = buffer
    row.from = 0
    while (row.from < used) {
      const next = scan(last)
      if (next < 0) break
      const blank = row.to === row.from && row.fault === null
      if (!blank) {
        if (width === 0) width = row.cells
        const answer = handlers.onRow(row)
        if (answer === 'stop') return false
        if (answer) await answer
      }
      row.line = nextLine
      row.from = next
    }
    const done = Math.min(row.from, used)
    handlers.onRelease?.(buffer, done)
    buffer.copyWithin(0, done, used)
    used -= done
    return true
  }

  for await (const chunk of toUtf8(chunks)) {
    for (let at = 0; at < chunk.length; at += READ_AHEAD) {
      const piece = chunk.subarray(at, at + READ_AHEAD)
      if (used + piece.length > buffer.length) {
        const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, used + piece.length))
        buffer.copy(larger, 0, 0, used)
        buffer = larger
      }
      buffer.set(piece, used)
      used += piece.length
      if (used > READ_AHEAD / 4 && !(await drain(false))) return
    }
  }
  await drain(true)
}

/** The text of a cell, quotes taken off. */
export function cellText(row: CsvRow, cell: number): string {
  return unquoted(row.bytes, row.starts[cell] as number, row.ends[cell] as number)
}

/** The text of `bytes[start, end)`; a quoted cell loses its quotes, and doubled ones become one. */
function unquoted(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, end)
  if (bytes[start] !== QUOTE || end === start) return text
  const close = text.lastIndexOf('"')
  const inside = close > 0 ? text.slice(1, close) + text.slice(close + 1) : text.slice(1)
  return inside.replaceAll('""', '"')
}

/** The names of the columns of a header row, in lower case. */
export function columnNames(header: CsvRow): string[] {
  return Array.from({ length: header.cells }, (_, cell) =>
    visibleText(cellText(header, cell)).toLowerCase(),
  )
}

/** What spreadsheets and pandas call the column of an index. */
const UNNAMED = /^(unnamed: ?\d+|index|level_0)?$/

/** Whether a column is an index that was added to the file, by its name. */
export function isIndexColumn(name: string): boolean {
  return UNNAMED.test(name)
}

/**
 * How a file's rows are laid out: its number of cells, the one that holds `file_name`, and how many cells at the
 * beginning say nothing of the list (an index, the folder that it was found in).
 */
export type RowLayout = { width: number; fileName: number; leading: number }

/** Reads the layout of a header. Throws for one without `file_name`, by which source files are told apart. */
export function rowLayout(names: readonly string[], family: string): RowLayout {
  const fileName = names.indexOf('file_name')
  if (fileName < 0) throw new Error(`Cannot read a ${family} file without the column file_name`)
  const isPlace = (name: string) => name === 'found_folder' || isIndexColumn(name)
  const leading = names.slice(0, fileName).every(isPlace) ? fileName : 0
  return { width: names.length, fileName, leading }
}

/**
 * The source file that a row names: its `file_name`, empty when it says nothing; null for an empty cell. A row without
 * the header's number of cells is often the rest of one that was torn at a line break, or two in one: it names the last
 * source file whose name stands in it, wherever that is.
 */
export function namedSourceFile(row: CsvRow, { width, fileName }: RowLayout): string | null {
  if (row.cells === width) {
    const isGiven = (row.ends[fileName] as number) > (row.starts[fileName] as number)
    return isGiven ? (readText(cellText(row, fileName)) ?? '') : null
  }
  const text = row.bytes.toString('utf8', row.from, Math.min(row.to, row.from + LONGEST_TORN))
  const cells = text.split(/[,\n]/).map(visibleText)
  const isName = (cell: string) => SOURCE_FILE.test(cell) && isSourceFileName(cell)
  const inPlace = cells[fileName] ?? ''
  return isSourceFileName(inPlace) ? inPlace : (cells.findLast(isName) ?? null)
}
