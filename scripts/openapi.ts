/** bun scripts/openapi.ts: writes docs/openapi.json, the API's document as it is reviewed; docs.test.ts compares them. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { createApp } from '../src/app.ts'
import { connect } from '../src/db/connect.ts'
import { readEnv } from '../src/env.ts'
import { ROOT } from './gate/run-tool.ts'

// the document needs no database, and nothing answers there
const sql = connect('postgres://127.0.0.1:1/none')
const app = createApp({ sql, log: pino({ level: 'silent' }), env: readEnv({}) })
const answer = await app.handle(new Request('http://localhost/docs/json'))
await writeFile(
  join(ROOT, 'docs/openapi.json'),
  `${JSON.stringify(await answer.json(), null, 1)}\n`,
)
process.exit(0)
