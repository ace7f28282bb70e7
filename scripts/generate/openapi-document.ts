import { pino } from 'pino'
import { createApp } from '../../src/app.ts'
import { connect } from '../../src/db/connect.ts'
import { readEnv } from '../../src/env.ts'

/**
 * The API's OpenAPI document as JSON text.
 * @throws Error with the response when the app does not answer with the document
 */
export async function openApiDocument(): Promise<string> {
  // the document needs no database: nothing listens on that port
  const sql = connect('postgres://127.0.0.1:1/none')
  const app = createApp({ sql, log: pino({ level: 'silent' }), env: readEnv({}) })
  const response = await app.handle(new Request('http://localhost/docs/json'))
  const text = await response.text()
  await sql.end({ timeout: 0 })
  if (!response.ok)
    throw new Error(`Cannot generate the OpenAPI document: ${response.status} ${text}`)
  return `${JSON.stringify(JSON.parse(text), null, 1)}\n`
}
