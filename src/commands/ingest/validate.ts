import { validate } from '../../../modules/ingestion/index.ts'
import { hasCluster } from '../../db/cluster.ts'
import { type Database, openDatabase } from '../../db/database.ts'
import { assertNotBehind } from '../../db/migrate.ts'
import { type Env, readEnv } from '../../env.ts'
import { createLogger } from '../../log.ts'
import { report } from './quality-report.ts'

/** `ingest validate PATH…` */
export async function run(args: string[]): Promise<number> {
  const env = readEnv(process.env)
  const { datasetId, staleAfterDays: silentAfterDays } = env
  return report(args, async (paths, onFile) => {
    const database = await openExisting(env)
    try {
      if (database !== null) await assertNotBehind(database.sql)
      const loaded = database === null ? null : { db: database.sql, datasetId }
      return await validate(paths, { onFile, silentAfterDays, loaded })
    } finally {
      await database?.close()
    }
  })
}

/** Opens the configured database. Does not create an embedded one. */
async function openExisting(env: Env): Promise<Database | null> {
  if (env.databaseUrl === '' && !hasCluster(env.dataDir)) return null
  return openDatabase(env, createLogger(env, 'stderr'))
}
