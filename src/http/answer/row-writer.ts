import { csvWriter, type RowWriter } from './csv.ts'
import type { MediaType } from './media-type.ts'

/** Returns the writer for a format other than JSON. */
export function rowWriter(
  type: MediaType,
  columns: readonly string[],
  options: { bom?: boolean } = {},
): RowWriter {
  return type === 'text/csv' ? csvWriter(columns, options) : ndjsonWriter()
}

/**
 * The Content-Type and Content-Disposition of a file. `/v1/stores/3/prices` becomes
 * `stores-3-prices.csv`.
 */
export function fileHeaders(type: MediaType, url: string): Record<string, string> {
  const name = new URL(url).pathname.replace(/^\/v1\//, '').replace(/[^\w]+/g, '-')
  const extension = type === 'text/csv' ? 'csv' : 'ndjson'
  return {
    'content-type': type === 'text/csv' ? `${type}; charset=utf-8; header=present` : type,
    'content-disposition': `attachment; filename="${name}.${extension}"`,
  }
}

/** Writes rows as NDJSON, one JSON object per line. */
function ndjsonWriter(): RowWriter {
  const encoder = new TextEncoder()
  return {
    write: async (rows) => encoder.encode(rows.map((row) => `${JSON.stringify(row)}\n`).join('')),
    end: async () => new Uint8Array(),
    cut: (reason) =>
      encoder.encode(
        `${JSON.stringify({ error: { code: 'EXPORT_CUT', message: `The export was cut: ${reason}` } })}\n`,
      ),
  }
}
