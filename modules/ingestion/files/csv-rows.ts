import { readMoment } from './source-file.ts'

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
const MOST_CELLS = 1024

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
    starts: new Int32Array(MOST_CELLS),
    ends: new Int32Array(MOST_CELLS),
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
        if (cells === MOST_CELLS - 1) return giveUpLine(`more than ${MOST_CELLS} cells`, last)
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

  for await (const chunk of chunks) {
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

/** The column of `file_name` in every file of the dataset. */
const FILE_NAME = 1

/** Makes sure of what `isBlockStart` builds on. Throws for a header whose second column is another one. */
export function checkFileNameColumn(names: string[], family: string): void {
  if (names[FILE_NAME] === 'file_name') return
  throw new Error(`Cannot read a ${family} file whose second column is not file_name`)
}

/**
 * Whether a row begins a source file: its `file_name` is not empty. A row without the header's number of cells (`width`)
 * is often the rest of one that was torn at a line break: it begins a source file only when its name has a moment.
 */
export function isBlockStart(row: CsvRow, width: number): boolean {
  if (row.cells === width)
    return (row.ends[FILE_NAME] as number) > (row.starts[FILE_NAME] as number)
  const name = row.bytes
    .toString('utf8', row.from, Math.min(row.to, row.from + 1000))
    .split(',', 2)[FILE_NAME]
  return name !== undefined && readMoment(name) !== null
}
