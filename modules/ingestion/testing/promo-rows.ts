import { Readable } from 'node:stream'
import type { Masking } from '../files/masking.ts'
import type { FileCounts } from '../lists/price-file.ts'
import { readPromoFile } from '../lists/promo-file.ts'
import { type NewTerms, newRegistry, type Registry } from '../staging/registry.ts'
import type { SourceFileResult } from '../staging/staging.ts'
import { CHAIN, csvOf, KEYS, keysOf, type Row } from './ingest.ts'

/** The result of reading a promotion CSV; `terms` by promotion code, the last of several. */
export type Read = {
  counts: FileCounts
  files: SourceFileResult[]
  terms: Record<string, NewTerms>
  registry: Registry
}

type Options = { masking?: Masking; full?: boolean; registry?: Registry }

/** Reads a CSV of promotions without a database. */
export async function readPromotions(csv: string, options: Options = {}): Promise<Read> {
  const { masking = 'all', full = true, registry = newRegistry() } = options
  const files: SourceFileResult[] = []
  const onSourceFile = async (file: SourceFileResult) => void files.push(file)
  const counts = await readPromoFile(Readable.from([Buffer.from(csv)]), {
    masking,
    full,
    registry,
    slug: 'x',
    notAfter: Number.POSITIVE_INFINITY,
    onSourceFile,
  })
  return {
    counts,
    files,
    registry,
    terms: Object.fromEntries(registry.fresh.terms.map((terms) => [terms.code, terms])),
  }
}

/** A source file of promotions: store, moment and rows, with keys only in the first row. */
export function promoSource(
  rows: readonly Row[],
  { store = '1', at = '202605010300', chain = CHAIN } = {},
): Row[] {
  const file_name = `PromoFull${chain}-${store.padStart(3, '0')}-${at}`
  const keys = keysOf(file_name, { chain, store })
  return rows.map((row, i) => (i === 0 ? { ...keys, ...row } : row))
}

/** A CSV with the columns of its rows, in order of first use. */
export function promoCsv(...sources: Row[][]): string {
  const rows = sources.flat()
  return csvOf([...new Set([...KEYS, ...rows.flatMap(Object.keys)])], rows)
}

/** The items of a row of dialect A. */
export function itemsOf(...codes: string[]): string {
  const items = codes.map((itemcode) => ({ itemcode, itemtype: '1', isgiftitem: '0' }))
  return JSON.stringify({ item: items.length === 1 ? items[0] : items })
}
