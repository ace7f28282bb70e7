import { join } from 'node:path'
import { archiveSource } from '../../../modules/ingestion/index.ts'
import { openFileStorage } from '../../storage/open-storage.ts'
import { readArguments } from '../arguments.ts'
import { RUN_OPTIONS, runIngest } from './run.ts'

/** `ingest archive [DATE…]` */
export async function run(args: string[]): Promise<number> {
  const { values, positionals: dates } = readArguments(args, RUN_OPTIONS)
  return runIngest(async ({ env }) => {
    const { datasetId } = env
    const spool = join(env.dataDir, 'spool')
    return { source: archiveSource(openFileStorage(env), { datasetId, dates, spool }), datasetId }
  }, values)
}
