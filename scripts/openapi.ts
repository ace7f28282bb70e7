/** npm run openapi: writes docs/openapi.json, the reviewed API document; docs.test.ts compares. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { pino } from 'pino'
import { createApp } from '../src/app.ts'
import { connect } from '../src/db/connect.ts'
import { readEnv } from '../src/env.ts'
import { ROOT } from './gate/run-tool.ts'

// the document needs no database, and nothing answers there
const sql = connect('postgres://127.0.0.1:1/none')
const app = createApp({ sql, log: pino({ level: 'silent' }), env: readEnv({}) })
const response = await app.handle(new Request('http://localhost/docs/json'))
const text = await response.text()
if (!response.ok) {
  console.error(`Cannot write docs/openapi.json: ${response.status} ${text}`)
  process.exit(1)
}
const path = join(ROOT, 'docs/openapi.json')
await writeFile(path, `${JSON.stringify(JSON.parse(text), null, 1)}\n`)
process.exit(0)
