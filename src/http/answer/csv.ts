import { Buffer } from 'node:buffer'
import { finished } from 'node:stream/promises'
import type { TObject } from '@sinclair/typebox'
import { format } from 'fast-csv'

/** The CSV columns of a schema: its fields in order, with nested fields as `price.min`. */
export function csvColumns(shape: TObject, fields?: readonly string[]): string[] {
  return Object.entries(shape.properties)
    .filter(([name]) => fields === undefined || fields.includes(name))
    .flatMap(([name, schema]) => {
      const { properties } = schema
      return properties === undefined
        ? [name]
        : Object.keys(properties).map((inner) => `${name}.${inner}`)
    })
}

const BOM = new Uint8Array([0xef, 0xbb, 0xbf])

/** Writes rows in batches. `write` returns the bytes that are ready, and `end` returns the rest. */
export type RowWriter = {
  write(rows: readonly object[]): Promise<Uint8Array<ArrayBuffer>>
  end(): Promise<Uint8Array<ArrayBuffer>>
  /** A last line for an incomplete list, in formats that support it. */
  cut?: (reason: string) => Uint8Array<ArrayBuffer>
}

/**
 * Writes rows as CSV (RFC 4180, UTF-8) with a header. A list in a cell is joined by ` | `, a list
 * of objects is JSON, and null is an empty cell. Text that a spreadsheet would read as a formula
 * begins with an apostrophe.
 *
 * @param bom whether to begin with a byte order mark, which makes Excel read UTF-8
 */
export function csvWriter(columns: readonly string[], { bom = false } = {}): RowWriter {
  const paths = columns.map((column) => column.split('.'))
  // the header is written as a row, because the header option of fast-csv copies each row
  const stream = format<string[], string[]>({
    headers: false,
    includeEndRowDelimiter: true,
    rowDelimiter: '\r\n',
  })
  let chunks: Uint8Array[] = bom ? [BOM] : []
  stream.on('data', (chunk) => chunks.push(chunk))
  stream.write([...columns])
  const take = () => {
    const bytes = new Uint8Array(Buffer.concat(chunks))
    chunks = []
    return bytes
  }
  return {
    write: async (rows) => {
      const cells = rows.map((row) => paths.map((path) => cell(row, path)))
      const last = cells.pop()
      for (const row of cells) stream.write(row)
      if (last !== undefined)
        await new Promise<void>((resolve) => stream.write(last, () => resolve()))
      return take()
    },
    end: async () => {
      stream.end()
      await finished(stream)
      return take()
    },
  }
}

function cell(row: object, [name = '', inner]: readonly string[]): string {
  const value: unknown = row[name as keyof typeof row]
  if (value === null || value === undefined) return ''
  if (inner !== undefined) return typeof value === 'object' ? cell(value, [inner]) : ''
  if (typeof value === 'string') return harmless(value)
  if (!Array.isArray(value)) return String(value)
  return harmless(
    value.map((item) => (typeof item === 'object' ? JSON.stringify(item) : item)).join(' | '),
  )
}

/** Prevents CSV injection: https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^[=+@\t\r]|^-(?!\d)/

function harmless(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text
}
