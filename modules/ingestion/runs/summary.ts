import type { Reconciled } from '../files/parser-status.ts'
import type { CsvName, Family } from '../files/source-file.ts'
import type { Version } from '../files/versions.ts'
import type { FileCounts } from '../lists/price-file.ts'
import type { PublishSummary } from './publish.ts'

/** What became of the rows of a file (`FileCounts`): `rows` are the sum of what follows, up to `rejected`. */
export type FileSummary = {
  name: string
  rows: number
  loaded: number
  repeated: number
  off: number
  rejected: number
  not_for_sale: number
}

/** What became of one dataset version. `rows` are the data rows read, per family of files. */
export type VersionSummary = {
  version: string
  date: string | null
  files_read: number
  files_known: number
  rows: Partial<Record<Family, number>>
  rows_known: number
  /** The files that were read. */
  files: FileSummary[]
  lists_read: number
  lists_known: number
  /** Source files whose name tells a moment after the day of the version; their rows are rejects. */
  lists_ahead: number
  promotion_lists_read: number
  promotion_lists_known: number
  not_for_sale: number
  repeated_codes: number
  rejects: number
  /** The comparison with the parser's status files, over the CSVs read that have one. */
  reconciled: Reconciled
  published: PublishSummary | null
  errors: string[]
  /** What was passed over, and lists from the future. */
  warnings: string[]
}

/** A file of a version that was loaded, now or before. */
export type LoadedFile = { name: string; bytes: number; sha256: Buffer; rows: number }

/**
 * What a run did; `errors` name the versions and files that could not be loaded, `warnings` what it did without.
 */
export type IngestSummary = {
  status: 'completed' | 'failed'
  run_id: number | null
  dry_run: boolean
  /** Whether the generated sample made room for real data. */
  sample_removed: boolean
  /** Versions that the source need not fetch. */
  already_loaded: string[]
  seconds: number
  versions: VersionSummary[]
  errors: string[]
  warnings: string[]
}

export function newVersionSummary({ name, date }: Pick<Version, 'name' | 'date'>): VersionSummary {
  return {
    version: name,
    date,
    files_read: 0,
    files_known: 0,
    rows: {},
    rows_known: 0,
    files: [],
    lists_read: 0,
    lists_known: 0,
    lists_ahead: 0,
    promotion_lists_read: 0,
    promotion_lists_known: 0,
    not_for_sale: 0,
    repeated_codes: 0,
    rejects: 0,
    reconciled: { counted: 0, without_rows: 0, differing: [] },
    published: null,
    errors: [],
    warnings: [],
  }
}

/** Adds what became of the rows of one CSV; that they are accounted for to the last is made sure of. */
export function addRead(
  summary: VersionSummary,
  { family }: CsvName,
  { name, counts }: { name: string; counts: FileCounts },
): void {
  const { rows, loaded, repeated, off, rejects, notForSale } = counts
  if (rows !== loaded + repeated + off + rejects) {
    throw new Error(
      `Cannot account for the rows of ${name}: ${rows} were read, not ${loaded + repeated + off + rejects}`,
    )
  }
  summary.files.push({
    name,
    rows,
    loaded,
    repeated,
    off,
    rejected: rejects,
    not_for_sale: notForSale,
  })
  summary.rows[family] = (summary.rows[family] ?? 0) + rows
  summary.not_for_sale += notForSale
  summary.repeated_codes += repeated
}

/** Adds the comparison of one CSV. */
export function addReconciled({ reconciled }: VersionSummary, one: Reconciled | null): void {
  if (one === null) return
  reconciled.counted += one.counted
  reconciled.without_rows += one.without_rows
  reconciled.differing.push(...one.differing)
}
