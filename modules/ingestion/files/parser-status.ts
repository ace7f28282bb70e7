import type { CsvName, Family } from './source-file.ts'
import type { Version, VersionFile } from './versions.ts'

/** The comparison of a CSV with the counts of the publisher's parser. */
export type Reconciled = {
  /** The number of source files that the parser counted, and of those without rows. */
  counted: number
  without_rows: number
  /**
   * Source files with a different number of rows than counted; `read` is 0 for a source file
   * missing in the CSV.
   */
  differing: { file_name: string; counted: number; read: number }[]
}

const LARGEST_STATUS = 64 << 20

/**
 * Compares the rows read per source file of a CSV (`price_full_file_SLUG.csv`) with the parser's
 * status file for it (`SLUG_price_full_file.json`, whose `events` hold a `row_count`). Null without
 * a readable status file, because loading does not depend on this check.
 */
export async function reconcile(
  version: Version,
  { slug, family }: { slug: string; family: string },
  read: ReadonlyMap<string, number>,
): Promise<Reconciled | null> {
  const counts = await readParserCounts(version, { slug, family })
  if (counts === null) return null
  const differing = [...counts].flatMap(([file_name, counted]) => {
    const rows = read.get(file_name) ?? 0
    return rows === counted ? [] : [{ file_name, counted, read: rows }]
  })
  return {
    counted: counts.size,
    without_rows: [...counts.values()].filter((rows) => rows === 0).length,
    differing,
  }
}

const STATUS_NAME = /^(.+)_(price_full|price|promo_full|promo|store)_file\.json$/

/** Reads the name of a status file: the CSV that it describes, or null for any other file. */
export function readStatusName(name: string): CsvName | null {
  const match = STATUS_NAME.exec(name)
  return match ? { family: match[2] as Family, slug: match[1] as string } : null
}

/**
 * The parser's count of rows by source file of a CSV. A source file parsed twice occurs twice in
 * the CSV.
 */
export async function readParserCounts(
  version: Pick<Version, 'files'>,
  { slug, family }: { slug: string; family: string },
): Promise<Map<string, number> | null> {
  const file = version.files.find(({ name }) => name === `${slug}_${family}_file.json`)
  return file === undefined ? null : readCounts(file)
}

async function readCounts(file: VersionFile): Promise<Map<string, number> | null> {
  if (file.bytes > LARGEST_STATUS) return null
  const pieces: Uint8Array[] = []
  try {
    for await (const piece of file.open()) pieces.push(piece)
    const { events } = JSON.parse(new TextDecoder().decode(Buffer.concat(pieces))) as {
      events?: unknown
    }
    if (!Array.isArray(events)) return null
    const counts = new Map<string, number>()
    for (const event of events as { file_name?: unknown; row_count?: unknown }[]) {
      if (typeof event?.file_name !== 'string' || typeof event.row_count !== 'number') continue
      counts.set(event.file_name, (counts.get(event.file_name) ?? 0) + event.row_count)
    }
    return counts
  } catch {
    return null
  }
}
