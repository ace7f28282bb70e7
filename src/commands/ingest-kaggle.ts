import { join } from 'node:path'
import { type Choice, kaggleSource, keepingSource, openKaggle } from '../../modules/ingestion/index.ts'
import { openFileStorage } from '../storage/open-storage.ts'
import { readArguments, UsageError } from './arguments.ts'
import { RUN_OPTIONS, runIngest } from './ingest-run.ts'

const OPTIONS = {
  ...RUN_OPTIONS,
  version: { type: 'string' },
  all: { type: 'boolean', default: false },
  since: { type: 'string' },
} as const

/** `ingest kaggle [--version N | --all | --since DATE]` */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS)
  if (positionals.length > 0) throw new UsageError(`kaggle takes no ${positionals[0]}`)
  const choice = readChoice(values)
  const dryRun = values['dry-run']
  return runIngest((env, log) => {
    const downloads = env.kaggleDownloadDir || join(env.dataDir, 'downloads')
    const source = kaggleSource(() => openKaggle(env, log), { choice, downloads, dryRun, log })
    return keepingSource(source, {
      storage: openFileStorage(env),
      datasetId: env.datasetId,
      source: env.kaggleApiEndpoint,
      keepArchives: env.keepArchiveVersions,
      keepRaw: env.keepRawVersions,
    })
  }, values)
}

function readChoice({ version, all, since }: { version?: string; all: boolean; since?: string }): Choice {
  if ([version !== undefined, all, since !== undefined].filter(Boolean).length > 1)
    throw new UsageError('--version, --all and --since exclude each other')
  if (version !== undefined && !/^[1-9]\d{0,8}$/.test(version)) throw new UsageError('--version must be a number')
  if (since !== undefined && !isDay(since)) throw new UsageError('--since must be a day such as 2026-08-20')
  return {
    all,
    ...(version === undefined ? {} : { version: Number(version) }),
    ...(since === undefined ? {} : { since }),
  }
}

function isDay(text: string): boolean {
  const moment = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text) && text.length === 10
}
