import { checkCredentials, openKaggle } from '../../../modules/ingestion/index.ts'
import { readEnv } from '../../env.ts'
import { createLogger } from '../../log.ts'
import { readArguments, UsageError } from '../arguments.ts'

/** `ingest auth --check` */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, {
    check: { type: 'boolean', default: false },
  })
  if (!values.check || positionals.length > 0)
    throw new UsageError('auth takes --check and nothing else')
  const env = readEnv(process.env)
  const kaggle = await openKaggle(env, createLogger(env, 'stderr'))
  const { works, says } = await checkCredentials(kaggle, new AbortController().signal)
  console.log(says)
  return works ? 0 : 1
}
