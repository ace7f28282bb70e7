import { afterAll, beforeAll, expect, test } from 'bun:test'
import { pino } from 'pino'
import { type GenerationWatch, watchGeneration } from '../../db/generation.ts'
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.ts'
import { createReader, type ReadContext, type Reader } from './read-context.ts'

let database: TestDatabase
let watch: GenerationWatch
let open: Reader
beforeAll(async () => {
  database = await createTestDatabase()
  watch = watchGeneration(database.sql, pino({ level: 'silent' }))
  open = createReader(database.sql, { watch, now: Date.now })
  await database.sql`update core.generation set number = 1, stats = '{"chains": 1}'`
  await watch.confirm()
})
afterAll(() => database.drop())

/** Publishes without a notification, so that the process sees it only in its own queries. */
async function publish(number: number): Promise<void> {
  await database.sql`update core.generation set number = ${number}, stats = ${database.sql.json({ chains: number })}`
}

async function readTwice({ db, generation }: ReadContext, between: () => Promise<void>) {
  const chains = async () =>
    Number((await db`select stats -> 'chains' as n from core.generation`)[0]?.n)
  const first = await chains()
  await between()
  return { generation: generation.number, seen: [first, await chains()] }
}

test('a read that a publish interrupts is repeated on the new generation', async () => {
  expect(await open((context) => readTwice(context, async () => {}))).toEqual({
    generation: 1,
    seen: [1, 1],
  })
  let reads = 0
  const publishOnce = async () => {
    if (reads++ === 0) await publish(2)
  }
  expect(await open((context) => readTwice(context, publishOnce))).toEqual({
    generation: 2,
    seen: [2, 2],
  })
  expect(reads).toBe(2)
})

test('an error caused by a concurrent publish is retried and not returned', async () => {
  let reads = 0
  const answer = await open(async ({ generation }) => {
    if (reads++ > 0) return generation.number
    await publish(3)
    throw new Error('there is no such product')
  })
  expect(answer).toBe(3)
  await expect(open(() => Promise.reject(new Error('there is none')))).rejects.toThrow(
    'there is none',
  )
})

test('concurrent generation checks share a query', async () => {
  let queries = 0
  const counted = Object.assign(
    (...query: Parameters<typeof database.sql>) => {
      queries++
      return database.sql(...query)
    },
    { listen: database.sql.listen },
  ) as unknown as typeof database.sql
  const own = watchGeneration(counted, pino({ level: 'silent' }))
  await Promise.all(Array.from({ length: 50 }, () => own.confirm()))
  expect(queries).toBeLessThan(6)
})
