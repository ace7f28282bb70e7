import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { Type } from '@sinclair/typebox'
import { Elysia } from 'elysia'
import { pino } from 'pino'
import { watchGeneration } from '../db/generation.ts'
import { bodyOf } from '../testing/test-app.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { errorReplies } from './answer/error-replies.ts'
import { apiRoutes } from './api-routes.ts'
import type { AuditedCall } from './audit-call.ts'
import { createConcurrencyLimit } from './concurrency-limit.ts'
import { anonymous, type Caller, requireRole } from './contract/caller.ts'
import { PAGE_SIZES } from './contract/page.ts'
import { commandRoute, itemRoute } from './contract/route.ts'
import { openApiOperation } from './docs/operation.ts'
import { createRequestHandlers } from './request-handlers.ts'

const schema = Type.Object(
  { doubled: Type.Integer() },
  { title: 'Doubled', example: { doubled: 4 } },
)
const body = Type.Object(
  { n: Type.Integer({ minimum: 0, maximum: 99 }) },
  { additionalProperties: false },
)
const removed: number[] = []
const question = itemRoute({
  method: 'POST',
  path: '/double',
  operationId: 'double',
  summary: 'Double',
  tag: 'tests',
  responseSchema: schema,
  body,
  handler: async (_, input) => ({ doubled: input.body.n * 2 }),
})
const make = commandRoute({
  method: 'POST',
  path: '/made',
  operationId: 'make',
  status: 201,
  summary: 'Make',
  tag: 'tests',
  responseSchema: schema,
  body,
  handler: async (_, input) => ({ data: { doubled: input.body.n * 2 }, location: '/made/1' }),
})
const remove = commandRoute({
  method: 'DELETE',
  path: '/made/:id',
  operationId: 'remove',
  status: 204,
  summary: 'Remove',
  tag: 'tests',
  params: { id: Type.Integer() },
  handler: async (_, { id }) => {
    removed.push(id)
    return {}
  },
})

let database: TestDatabase
let caller: Caller
let app: { handle(request: Request): Promise<Response> }
const audited: AuditedCall[] = []
beforeEach(() => {
  audited.length = 0
})
beforeAll(async () => {
  database = await createTestDatabase()
  const { sql } = database
  const log = pino({ level: 'silent' })
  const admit = (_: unknown, { role }: { role: Caller['role'] }) => {
    requireRole(caller, role)
    return caller
  }
  const audit = (call: AuditedCall) => {
    audited.push(call)
  }
  const limit = createConcurrencyLimit({ count: 10, waitMs: 1000 })
  const handlerOf = createRequestHandlers({
    readTimeoutMs: 10_000,
    sql,
    watch: watchGeneration(sql, log),
    now: Date.now,
    admit,
    audit,
    cache: null,
    limit,
    log,
    exports: { limit, timeoutMs: 1000, rowsAnonymous: 10 },
  })
  app = new Elysia({ normalize: false })
    .use(errorReplies({ log, routes: () => [] }))
    .use(apiRoutes([question, make, remove], { handlerOf, pageSizes: PAGE_SIZES }))
})
afterAll(() => database.drop())

function ask(method: string, path: string, sent?: unknown) {
  const json =
    sent === undefined
      ? {}
      : { body: JSON.stringify(sent), headers: { 'content-type': 'application/json' } }
  return app.handle(new Request(`http://localhost${path}`, { method, ...json }))
}

test('a POST query returns its answer with no-store and validates its body', async () => {
  caller = anonymous(null)
  const answer = await ask('POST', '/double', { n: 21 })
  expect((await bodyOf(answer)).data).toEqual({ doubled: 42 })
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect((await ask('POST', '/double', { n: 100 })).status).toBe(400)
})

test('a command without its role returns 401 for anonymous and 403 for known callers', async () => {
  caller = anonymous(null)
  expect((await bodyOf(await ask('POST', '/made', { n: 1 }))).error.code).toBe('UNAUTHORIZED')
  caller = { keyId: 'k', by: 'key', role: 'analyst', address: null }
  expect((await bodyOf(await ask('DELETE', '/made/7'))).error.code).toBe('FORBIDDEN')
  expect(removed).toEqual([])
  expect(
    audited.map(({ method, route, status, refused }) => [method, route, status, refused]),
  ).toEqual([
    ['POST', '/made', 401, true],
    ['DELETE', '/made/:id', 403, true],
  ])
})

test('a command returns 201 with Location, or 204 without a body', async () => {
  caller = { keyId: 'k', by: 'key', role: 'admin', address: null }
  const made = await ask('POST', '/made', { n: 4 })
  expect([made.status, made.headers.get('location'), await bodyOf(made)]).toEqual([
    201,
    '/made/1',
    { data: { doubled: 8 } },
  ])
  const gone = await ask('DELETE', '/made/7')
  expect([gone.status, await gone.text(), removed]).toEqual([204, '', [7]])
  expect((await ask('DELETE', '/made/seven')).status).toBe(400)
  const acts = audited.map(({ method, target, status, refused }) => [
    method,
    target,
    status,
    refused,
  ])
  expect(acts).toEqual([
    ['POST', '1', 201, false],
    ['DELETE', '7', 204, false],
    ['DELETE', 'seven', 400, false],
  ])
})

test('the OpenAPI operation of a command has its body, role and errors', () => {
  const operation = openApiOperation(make)
  expect(operation.description).toBe('Needs the role `admin`.')
  expect(operation).toMatchObject({
    requestBody: {
      required: true,
      content: { 'application/json': { schema: { type: 'object' } } },
    },
  })
  expect(Object.keys(operation.responses as object)).toEqual([
    '201',
    '400',
    '401',
    '403',
    '408',
    '413',
    '414',
    '415',
    '429',
    '500',
    '503',
    '504',
  ])
  expect(Object.keys(openApiOperation(remove).responses as object)).toEqual([
    '204',
    '400',
    '401',
    '403',
    '414',
    '429',
    '500',
    '503',
    '504',
  ])
})
