import { pino } from 'pino'
import { createApp } from '../app.ts'
import type { Sql } from '../db/connect.ts'
import { readEnv } from '../env.ts'
import { type Action, POOL } from './database-outages.ts'
import { bodyOf } from './test-app.ts'

/** Requests to the API without its cache over a pool; an error is its status and code. */
export function apiActions(sql: Sql): readonly Action[] {
  const settings = { DATABASE_POOL: String(POOL), QUERY_TIMEOUT_SECONDS: '1' }
  const env = readEnv({ RATE_LIMIT: 'off', CACHE_MB: '0', ...settings })
  const app = createApp({ sql, log: pino({ level: 'silent' }), env })
  const paths = ['/v1/products?per_page=2', '/v1/stores', '/v1/metadata/datasets']
  return paths.map((path) => async () => {
    const response = await app.handle(new Request(`http://localhost${path}`))
    const body = await bodyOf(response)
    if (response.status === 200) return undefined
    const code = `${response.status} ${body.error?.code}`
    throw Object.assign(new Error(code), { code })
  })
}
