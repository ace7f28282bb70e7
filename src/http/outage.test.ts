import { expect, test } from 'bun:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { createApp } from '../app.ts'
import { connect } from '../db/connect.ts'
import { readEnv } from '../env.ts'
import { gateTo } from '../testing/connection-gate.ts'
import { insertFixtures } from '../testing/fixtures.ts'
import { bodyOf } from '../testing/test-app.ts'
import { createTestDatabase } from '../testing/test-database.ts'

type Told = { asked: number; status: number; code: string | null }

test('under load, a database that is gone is 503, and of one that is back nothing is told', async () => {
  const database = await createTestDatabase()
  await insertFixtures(database.sql)
  const gate = await gateTo(database.url)
  const sql = connect(gate.url)
  const env = readEnv({ RATE_LIMIT: 'off', CACHE_MB: '0', QUERY_TIMEOUT_SECONDS: '1' })
  const app = createApp({ sql, log: pino({ level: 'silent' }), env })
  const told: Told[] = []
  let isOver = false
  const caller = async () => {
    while (!isOver) {
      const asked = performance.now()
      const response = await app.handle(new Request('http://localhost/v1/products?per_page=2'))
      const body = await bodyOf(response)
      told.push({ asked, status: response.status, code: body.error?.code ?? null })
    }
  }
  const callers = Array.from({ length: 16 }, caller)
  await sleep(300)
  gate.cut()
  await sleep(700)
  await gate.open()
  // a connection that was refused a moment ago may still be told of
  const back = performance.now() + 100
  await sleep(2500)
  isOver = true
  await Promise.all(callers)
  const errors = told.filter(({ status }) => status !== 200)
  expect(new Set(errors.map(({ status, code }) => `${status} ${code}`))).toEqual(
    new Set(['503 DATABASE_UNAVAILABLE']),
  )
  expect(errors.filter(({ asked }) => asked > back)).toEqual([])
  expect(told.filter(({ asked, status }) => asked > back && status === 200).length).toBeGreaterThan(
    50,
  )
  await sql.end({ timeout: 1 })
  gate.cut()
  await database.drop()
}, 20_000)
