import { pathSource } from '../../../modules/ingestion/index.ts'
import { readArguments, UsageError } from '../arguments.ts'
import { RUN_OPTIONS, runIngest } from './run.ts'

/** `ingest PATH…` */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, RUN_OPTIONS)
  if (positionals.length === 0) throw new UsageError('no PATH was given')
  return runIngest(
    async ({ env }) => ({ source: pathSource(positionals), datasetId: env.datasetId }),
    values,
  )
}
