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
 * Makes a report on the versions at the given paths and writes it to `--out`, or below `DATA_DIR/reports`. Answers the
 * exit code: 0 all is well, 1 a file could not be read or `failed` otherwise, 2 a path without a version.
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

/** The version's name, or the first and the last of several. */
function folderName({ versions }: Report): string {
  const names = versions.toSorted()
  return [...new Set([names[0] ?? 'none', names.at(-1) ?? 'none'])].join('--')
}
