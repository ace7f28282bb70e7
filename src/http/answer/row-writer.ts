import { csvWriter, type RowWriter } from './csv.ts'
import type { MediaType } from './media-type.ts'

/** How rows are written in a form other than JSON. */
export function rowWriter(type: MediaType, columns: readonly string[]): RowWriter {
  return type === 'text/csv' ? csvWriter(columns) : ndjsonWriter()
}

export function contentType(type: MediaType): string {
  return type === 'text/csv' ? `${type}; charset=utf-8; header=present` : type
}

/** Rows as lines of JSON. */
function ndjsonWriter(): RowWriter {
  const encoder = new TextEncoder()
  return {
    write: async (rows) => encoder.encode(rows.map((row) => `${JSON.stringify(row)}\n`).join('')),
    end: async () => new Uint8Array(),
  }
}
