import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Sql } from '../db/connect.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { observeQueries } from './observe-queries.ts'

let database: TestDatabase
let sql: Sql
/** The recorded events: the text of each query, then whether it succeeded or failed. */
let events: [string, 'runs' | 'done' | 'failed'][]
beforeAll(async () => {
  database = await createTestDatabase({ migrated: false })
  sql = observeQueries(database.sql, (text) => {
    const event: (typeof events)[number] = [text, 'runs']
    events.push(event)
    return (error) => {
      event[1] = error === undefined ? 'done' : 'failed'
    }
  })
})
afterAll(() => database.drop())

async function eventsOf(work: () => unknown) {
  events = []
  await work()
  return events
}

test('each query is reported once, and its fragments are not reported', async () => {
  const where = () => sql`n > ${1}`
  expect(await eventsOf(() => sql`select n from generate_series(1, 3) n where ${where()}`)).toEqual(
    [['select n from generate_series(1, 3) n where ?', 'done']],
  )
  expect(await eventsOf(() => sql.unsafe('select 1'))).toEqual([['select 1', 'done']])
  expect(await eventsOf(() => sql`select 1/0`.catch(() => {}))).toEqual([['select 1/0', 'failed']])
})

test('each query of a transaction is reported once', async () => {
  const work = () =>
    sql.begin('read only', async (tx) => {
      await tx`select 1`
      await Promise.all([tx`select 2`, tx.unsafe('select 3')])
    })
  expect(await eventsOf(work)).toEqual([
    ['select 1', 'done'],
    ['select 2', 'done'],
    ['select 3', 'done'],
  ])
  expect(await eventsOf(() => sql.begin(async (tx) => tx`select ${1}`))).toEqual([
    ['select ?', 'done'],
  ])
})

test('a cursor query ends with its last page or when the loop stops', async () => {
  const pages = async (most: number) => {
    const numbers: unknown[] = []
    for await (const page of sql<{ n: number }[]>`select n from generate_series(1, 5) n`.cursor(
      2,
    )) {
      expect(events.at(-1)?.[1]).toBe('runs')
      numbers.push(...page.map(({ n }) => n))
      if (numbers.length >= most) break
    }
    return numbers
  }
  expect(await eventsOf(async () => expect(await pages(9)).toEqual([1, 2, 3, 4, 5]))).toEqual([
    ['select n from generate_series(1, 5) n', 'done'],
  ])
  const left = await eventsOf(() => pages(2))
  await sql`select 1`
  expect(left[0]?.[1]).toBe('done')
})

test('a COPY is reported once', async () => {
  const copy = async () => {
    const chunks: string[] = []
    for await (const chunk of await sql.unsafe('copy (select 7) to stdout').readable())
      chunks.push(String(chunk))
    expect(chunks.join('')).toBe('7\n')
  }
  expect(await eventsOf(copy)).toEqual([['copy (select 7) to stdout', 'done']])
})
