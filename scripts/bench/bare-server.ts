/**
 * What the API is held against: Elysia and postgres.js with nothing around them. `/same` answers
 * the bytes of BODY, `/one/ID` and `/list` the rows of the statements in ONE (its id stands as
 * `ID`) and LIST as JSON. Run by http.ts.
 */
import process from 'node:process'
import { Elysia } from 'elysia'
import postgres from 'postgres'
import type { Statement } from './statements.ts'

const { BODY = '', ONE = '', LIST = '', DATABASE_URL = '', PORT = '' } = process.env
const one: Statement = JSON.parse(ONE)
const list: Statement = JSON.parse(LIST)
const sql = postgres(DATABASE_URL, { max: 10, connection: { TimeZone: 'UTC' } })
const headers = { 'content-type': 'application/json;charset=utf-8' }

const rowsOf = ({ text }: Statement, parameters: unknown[]) =>
  sql.unsafe(text, parameters as Parameters<typeof sql.unsafe>[1], { prepare: true })

new Elysia()
  .get('/health/ready', () => 'ready')
  .get('/same', () => new Response(BODY, { headers }))
  .get('/one/:id', async ({ params: { id } }) => {
    const [row] = await rowsOf(
      one,
      one.parameters.map((value) => String(value).replace('ID', id)),
    )
    return Response.json(row)
  })
  .get('/list', async () => Response.json(await rowsOf(list, list.parameters)))
  .listen(Number(PORT))
