import { folderOf } from './price-files.ts'

/**
 * What the publisher's parser did with one source file: its data rows in the CSV, possibly none.
 */
export type ParsedFile = { name: string; rows: number }

/**
 * `index.json` of a version: when each version so far was made (Israel local time), counted from 0.
 */
export function versionIndex(dates: readonly string[]): string {
  return `{${dates.map((date, at) => `"${at}": "${date} 23:00:00"`).join(', ')}}`
}

/** `{slug}_{family}_file.json`: the parser's log, which holds `row_count` for every source file. */
export function parserStatus(
  slug: string,
  family: string,
  files: readonly ParsedFile[],
  date: string,
): string {
  const stamp = (at: number) =>
    `${date} 20:${String(Math.floor(at / 60) % 60).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}.000000`
  const type = `${family.toUpperCase()}_FILE`
  const scraper = slug.toUpperCase()
  const about = (file: ParsedFile) => ({
    file_name: file.name,
    store_folder: `dumps/${folderOf(slug)}`,
    file_type: type,
  })
  const status = {
    _metadata: { last_modified: `${date}T22:00:00.000000+03:00` },
    events: files.flatMap((file, at) => [
      { status: 'registered', system_timestamp: stamp(at), ...about(file) },
      { status: 'processed', system_timestamp: stamp(at), ...about(file), row_count: file.rows },
    ]),
    global_status: [
      { status: 'started', system_timestamp: stamp(0), limit: null, scraper, files_types: type },
      {
        ...{
          status: 'completed',
          system_timestamp: stamp(files.length),
          store_name: scraper,
          files_types: type,
        },
        ...{
          had_errors: false,
          output_path: `outputs/${family}_file_${slug}.csv`,
          total_files: files.length,
        },
      },
    ],
    parsed_files: files.map((file, at) => ({
      ...about(file),
      row_count: file.rows,
      system_timestamp: stamp(at),
    })),
  }
  return `${JSON.stringify(status, null, 4)}\n`
}
