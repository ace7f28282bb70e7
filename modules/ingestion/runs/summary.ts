import type { Reconciled } from '../files/parser-status.ts'
import type { CsvName, Family } from '../files/source-file.ts'
import type { Version } from '../files/versions.ts'
import type { FileCounts } from '../lists/price-file.ts'
import type { PublishSummary } from './publish.ts'

/**
 * The rows of a file by outcome (`FileCounts`); `rows` is the sum of the counts from `loaded` to
 * `rejected`.
 */
export type FileSummary = {
  name: string
  rows: number
  loaded: number
  repeated: number
  off: number
  rejected: number
  not_for_sale: number
}

/** The result for one dataset version. `rows` are the data rows read, by family of files. */
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
  /** Source files with a timestamp after the day of the version; their rows are rejects. */
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
  /** Skipped files and lists from the future. */
  warnings: string[]
}

/** A file of a version, loaded in this run or an earlier one. */
export type LoadedFile = { name: string; bytes: number; sha256: Buffer; rows: number }

/**
 * The result of a run; `errors` name the versions and files that failed, `warnings` the problems
 * that did not.
 */
export type IngestSummary = {
  status: 'completed' | 'failed'
  run_id: number | null
  dry_run: boolean
  /** Whether real data replaced the generated sample. */
  sample_removed: boolean
  /** Versions that were already loaded, so that the source did not download them. */
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

/** Adds the row counts of one CSV. Throws if they do not add up to its rows. */
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

/** Adds the comparison of one CSV with the parser's counts. */
export function addReconciled({ reconciled }: VersionSummary, comparison: Reconciled | null): void {
  if (comparison === null) return
  reconciled.counted += comparison.counted
  reconciled.without_rows += comparison.without_rows
  reconciled.differing.push(...comparison.differing)
}
