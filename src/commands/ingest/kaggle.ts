import { readArguments, UsageError } from '../arguments.ts'
import { openKaggleDataset } from './open-source.ts'
import { RUN_OPTIONS, runIngest } from './run.ts'
import { CHOICE_OPTIONS, readChoice } from './version-choice.ts'

/** `ingest kaggle [--version N | --all | --since DATE]` */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { ...RUN_OPTIONS, ...CHOICE_OPTIONS })
  if (positionals.length > 0) throw new UsageError(`kaggle takes no ${positionals[0]}`)
  const choice = readChoice(values)
  const dryRun = values['dry-run']
  return runIngest(
    async ({ env, log }) =>
      openKaggleDataset({ env, log }, { datasetId: env.datasetId, choice, dryRun }),
    values,
  )
}
