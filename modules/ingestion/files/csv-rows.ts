import { readText, visibleText } from './cell-text.ts'
import { isSourceFileName } from './file-moment.ts'
import { toUtf8 } from './text-encoding.ts'

/**
 * Reads CSV (RFC 4180, LF and CRLF mixed) from a stream of bytes without creating strings: a row is
 * a range of a buffer with the offsets of its cells. Loading needs this speed
 * (docs/adr/0006-csv-reader.md).
 */
const COMMA = 0x2c
const QUOTE = 0x22
const LF = 0x0a
const CR = 0x0d
const READ_AHEAD = 1 << 20
/**
 * A longer quoted cell counts as unclosed. The longest real cell lists the items of a promotion, 80
 * bytes each.
 */
const LONGEST_CELL = 8 << 20
const MAX_CELLS = 1024
/** How many bytes of a torn row are searched for the name of a source file. */
const LONGEST_TORN = 1 << 16
/** A file kind and a chain id, which no other cell contains. */
const SOURCE_FILE = /(price|promo|stores?)(full)?\d{6,}/i

/**
 * A row, valid until the next one is read. Cell `i` is `bytes[starts[i], ends[i])`, with quotes. An
 * unreadable row has a `fault`, no cells, and its raw text in `bytes[from, to)`.
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

/**
 * Callbacks for rows. `onRelease` gets the end of the rows read so far before their bytes are
 * moved.
 */
export type CsvHandlers = {
  onRow(row: CsvRow): Promise<void> | 'stop' | undefined
  onRelease?(bytes: Buffer, end: number): void
}

/**
 * Calls `onRow` for every row of the stream, including the header. Awaits a returned promise and
 * ends after `stop`. Skips empty lines. A row is faulty when it has an unclosed quote, or spans
 * lines and has text after a closing quote or another number of cells than the header. Only the
 * first line of a faulty row is skipped.
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

  /**
   * Reads the row at `row.from`. Returns its end after the line break, or -1 when more bytes are
   * needed.
   */
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
      // nearly all bytes are letters and digits, which have higher codes than the CSV marks
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
    const hasLineEnd = lf >= 0 && lf < used
    if (!hasLineEnd && !last) return -1
    row.to = hasLineEnd ? lf : used
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

/** The text of a cell without its quotes. */
export function cellText(row: CsvRow, cell: number): string {
  return unquoted(row.bytes, row.starts[cell] as number, row.ends[cell] as number)
}

/** The text of `bytes[start, end)` without quotes around it; doubled quotes become one. */
function unquoted(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, end)
  if (bytes[start] !== QUOTE || end === start) return text
  const close = text.lastIndexOf('"')
  const inside = close > 0 ? text.slice(1, close) + text.slice(close + 1) : text.slice(1)
  return inside.replaceAll('""', '"')
}

/** The column names of a header row, in lower case. */
export function columnNames(header: CsvRow): string[] {
  return Array.from({ length: header.cells }, (_, cell) =>
    visibleText(cellText(header, cell)).toLowerCase(),
  )
}

/** Names that spreadsheets and pandas give an index column. */
const UNNAMED = /^(unnamed: ?\d+|index|level_0)?$/

/** Whether the name is that of an index column that a tool added to the file. */
export function isIndexColumn(name: string): boolean {
  return UNNAMED.test(name)
}

/**
 * The layout of a file: the number of cells, the index of the `file_name` cell, and the number of
 * leading cells that do not belong to the list (an index, the folder of the file).
 */
export type RowLayout = { width: number; fileName: number; leading: number }

/**
 * Reads the layout of a header. Throws for a header without `file_name`, which separates source
 * files.
 */
export function rowLayout(names: readonly string[], family: string): RowLayout {
  const fileName = names.indexOf('file_name')
  if (fileName < 0) throw new Error(`Cannot read a ${family} file without the column file_name`)
  const isPlace = (name: string) => name === 'found_folder' || isIndexColumn(name)
  const leading = names.slice(0, fileName).every(isPlace) ? fileName : 0
  return { width: names.length, fileName, leading }
}

/**
 * The source file that a row names in `file_name`; an empty text for an empty value, null for an
 * empty cell. A row with a wrong number of cells is often part of a torn row, or two rows in one,
 * so the last name of a source file anywhere in it counts.
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
