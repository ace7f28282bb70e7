import { expect, test } from 'bun:test'
import { pino } from 'pino'
import { createApp } from '../app.ts'
import { connect } from '../db/connect.ts'
import { readEnv } from '../env.ts'
import { bodyOf } from '../testing/test-app.ts'
import { createTestDatabase } from '../testing/test-database.ts'

test('a slow statement returns 504, and a request that waits too long returns 503', async () => {
  const database = await createTestDatabase()
  await database.sql`alter table catalog.chains rename to quick_chains`
  await database.sql`create view catalog.chains as select c.* from catalog.quick_chains c, pg_sleep(5)`
  await database.sql`insert into catalog.quick_chains (id, name, slugs) values ('1', 'x', '{}')`
  const sql = connect(database.url, { max: 1, statementMs: 700 })
  const env = readEnv({ DATABASE_POOL: '1', DATABASE_WAIT_SECONDS: '1' })
  const app = createApp({ sql, log: pino({ level: 'silent' }), env })
  const answers = await Promise.all(
    Array.from({ length: 3 }, async () => {
      const response = await app.handle(new Request('http://localhost/v1/chains'))
      return [
        response.status,
        (await bodyOf(response)).error.code,
        response.headers.get('retry-after'),
      ]
    }),
  )
  expect(answers).toEqual([
    [504, 'QUERY_TIMEOUT', null],
    [504, 'QUERY_TIMEOUT', null],
    [503, 'OVERLOADED', '5'],
  ])
  expect((await app.handle(new Request('http://localhost/v1/products'))).status).toBe(200)
  await sql.end()
  await database.drop()
})
