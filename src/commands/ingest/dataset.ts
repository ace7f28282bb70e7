import { findSourceByName } from '../../../modules/ingestion/index.ts'
import { readArguments, UsageError } from '../arguments.ts'
import { openRegistered } from './open-source.ts'
import { RUN_OPTIONS, runIngest } from './run.ts'
import { CHOICE_OPTIONS, readChoice } from './version-choice.ts'

const OPTIONS = { ...RUN_OPTIONS, ...CHOICE_OPTIONS, dataset: { type: 'string' } } as const

/** `ingest --dataset NAME [--version N | --all | --since DATE]` */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS)
  const { dataset: name = '' } = values
  if (positionals.length > 0)
    throw new UsageError(`--dataset takes one NAME, and no ${positionals[0]} beside it`)
  const choice = readChoice(values)
  return runIngest(async ({ env, log, sql }) => {
    const dataset = await findSourceByName(sql, name)
    if (dataset === null)
      throw new UsageError(`there is no dataset ${name}; /v1/datasets lists those that there are`)
    if (!dataset.enabled) throw new UsageError(`the dataset ${name} is not enabled`)
    if (
      dataset.kind !== 'kaggle' &&
      (choice.all || choice.version !== undefined || choice.since !== undefined)
    )
      throw new UsageError(
        `--version, --all and --since are for datasets of Kaggle; ${name} is a ${dataset.kind}`,
      )
    return openRegistered(dataset, { env, log }, { choice, dryRun: values['dry-run'] })
  }, values)
}
