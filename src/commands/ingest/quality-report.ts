import { join } from 'node:path'
import {
  NoVersionError,
  type OnFile,
  type Report,
  writeReport,
} from '../../../modules/ingestion/index.ts'
import { readEnv } from '../../env.ts'
import { readArguments, UsageError } from '../arguments.ts'
import { progressPrinter } from './report.ts'

/**
 * Creates a report on the versions at the given paths, in `--out` or below `DATA_DIR/reports`.
 * Returns the exit code: 0 for success, 1 when a file cannot be read or the report has `failed`, 2
 * for a path without a version.
 */
export async function report(
  args: string[],
  make: (paths: string[], onFile: OnFile) => Promise<Report>,
): Promise<number> {
  const { values, positionals } = readArguments(args, { out: { type: 'string' } })
  if (positionals.length === 0) throw new UsageError('no PATH was given')
  const progress = progressPrinter(process.stderr)
  try {
    const made = await make(positionals, (at) => progress.show({ ...at, doing: 'reading' }))
    progress.end()
    const folder = values.out ?? join(readEnv(process.env).dataDir, 'reports', folderName(made))
    const written = await writeReport(made, folder)
    console.log(`${made.text}\nWrote ${written.join(' and ')}`)
    return made.failed ? 1 : 0
  } catch (error) {
    progress.end()
    if (!(error instanceof NoVersionError)) throw error
    console.error(error.message)
    return 2
  }
}

/** The name of the version, or the first and last of several. */
function folderName({ versions }: Report): string {
  const names = versions.toSorted()
  return [...new Set([names[0] ?? 'none', names.at(-1) ?? 'none'])].join('--')
}
