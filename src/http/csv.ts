import type { TObject } from '@sinclair/typebox'
import { writeToString } from 'fast-csv'

/** The columns of a shape: its fields in order, those of nested objects as `price.min`. */
export function csvColumns(shape: TObject, fields?: readonly string[]): string[] {
  return Object.entries(shape.properties)
    .filter(([name]) => fields === undefined || fields.includes(name))
    .flatMap(([name, schema]) => {
      const { properties } = schema
      return properties === undefined ? [name] : Object.keys(properties).map((inner) => `${name}.${inner}`)
    })
}

/** Rows as CSV (RFC 4180, UTF-8) with a header; a list within a cell is joined by ` | ` (of objects, as JSON), null is an empty cell. */
export function toCsv(rows: readonly object[], columns: readonly string[]): Promise<string> {
  const cells = rows.map((row) => columns.map((column) => cell(row, column.split('.'))))
  return writeToString(cells, {
    headers: [...columns],
    alwaysWriteHeaders: true,
    includeEndRowDelimiter: true,
    rowDelimiter: '\r\n',
  })
}

function cell(row: object, [name = '', inner]: string[]): string {
  const value: unknown = Object.hasOwn(row, name) ? row[name as keyof typeof row] : null
  if (value === null || value === undefined) return ''
  if (inner !== undefined) return typeof value === 'object' ? cell(value, [inner]) : ''
  if (!Array.isArray(value)) return String(value)
  return value.map((item) => (typeof item === 'object' ? JSON.stringify(item) : item)).join(' | ')
}
