/**
 * Run by Deno with DATABASE_URL: serves the app with Deno.serve, sends it HTTP requests, and runs a
 * job in a worker. Exits with 1 after an unexpected response.
 */
import process from 'node:process'
import { createOptimizer } from '../../modules/analytics/index.ts'
import { createApp } from '../../src/app.ts'
import { connect } from '../../src/db/connect.ts'
import { readEnv } from '../../src/env.ts'
import { createLogger } from '../../src/log.ts'

interface DenoServer {
  addr: { port: number }
  shutdown: () => Promise<void>
}
// tsc checks this file with Bun's types, which do not declare Deno
declare const Deno: {
  serve: (
    options: { port: number; hostname: string; onListen: () => void },
    handler: (request: Request) => Response | Promise<Response>,
  ) => DenoServer
}

const ASKED = ['/health', '/v1/metadata/stats', '/v1/products?per_page=1', '/docs/json']

const env = readEnv(process.env)
const sql = connect(env.databaseUrl)
const app = createApp({ sql, log: createLogger(env, 'stderr'), env })
const server = Deno.serve({ port: 0, hostname: '127.0.0.1', onListen: () => {} }, (request) =>
  app.fetch(request),
)
let failed = false
for (const path of ASKED) {
  const answer = await fetch(`http://127.0.0.1:${server.addr.port}${path}`)
  const text = await answer.text()
  console.log(`${answer.status} ${path}`)
  if (answer.status !== 200) {
    failed = true
    console.log(text)
  }
}
const { plans } = await createOptimizer()({ lines: [], stores: [], maxStores: 1, visitAgorot: 0 })
console.log(`a worker found ${plans.length} plans`)
await server.shutdown()
await sql.end({ timeout: 1 })
process.exit(failed ? 1 : 0)
