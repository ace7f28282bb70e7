/**
 * DATABASE_URL=… bun scripts/check-analytics.ts [CHECK…]
 *
 * Sends many requests to each route of /v1/analytics over a loaded database and compares the
 * responses with a slow, simple computation. Prints differences and exits with 1 if there are any.
 * Reads only.
 */
import process from 'node:process'
import { pino } from 'pino'
import { createApp } from '../src/app.ts'
import { connect } from '../src/db/connect.ts'
import { readEnv } from '../src/env.ts'
import { checks } from './check-analytics/checks.ts'

const { DATABASE_URL = '' } = process.env
const names = process.argv.slice(2)
const unknown = names.filter((name) => !checks.some((check) => check.name === name))
if (DATABASE_URL === '' || unknown.length > 0) {
  console.error(`Give DATABASE_URL, and checks among ${checks.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}
const sql = connect(DATABASE_URL)
const app = createApp({
  sql,
  log: pino({ level: 'warn' }),
  env: readEnv({ RATE_LIMIT: 'off', CACHE_MB: '0' }),
})
const ask = (path: string, init?: RequestInit) =>
  app.handle(new Request(`http://localhost${path}`, init))
let failed = 0
for (const { name, run } of names.length > 0
  ? checks.filter(({ name }) => names.includes(name))
  : checks) {
  const before = performance.now()
  const { compared, differences } = await run({ sql, ask })
  failed += differences.length
  for (const difference of differences.slice(0, 20)) console.log(difference)
  const seconds = ((performance.now() - before) / 1000).toFixed(1)
  console.log(`${name}: ${compared} values compared, ${differences.length} differ (${seconds} s)`)
}
await sql.end()
process.exit(failed > 0 ? 1 : 0)
