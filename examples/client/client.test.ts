import { afterAll, beforeAll, expect, test } from 'bun:test'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import createClient from 'openapi-fetch'
import openapiTS, { astToString } from 'openapi-typescript'
import { ROOT, runTool } from '../../scripts/gate/run-tool.ts'
import { bodyOf, startTestApi, type TestApi } from '../../src/testing/test-app.ts'
import type { paths } from './api.d.ts'
import { describeCheapest } from './example.ts'

const FOLDER = join(ROOT, 'examples/client')

let api: TestApi
let client: ReturnType<typeof createClient<paths, 'application/json'>>
beforeAll(async () => {
  api = await startTestApi()
  const types = astToString(await openapiTS(await bodyOf(await api.ask('/docs/json'))))
  await writeFile(join(FOLDER, 'api.d.ts'), types)
  client = createClient<paths, 'application/json'>({
    baseUrl: 'http://localhost',
    fetch: async (request) => api.ask(request.url.slice('http://localhost'.length)),
  })
})
afterAll(() => api.close())

test('the typed client example compiles against the OpenAPI document; an undocumented path does not', async () => {
  const wrong = join(FOLDER, 'wrong.ts')
  await writeFile(
    wrong,
    "import type { paths } from './api.d.ts'\nexport type Wrong = paths['/v1/no-such-route']\n",
  )
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
  const { stdout } = await runTool([process.execPath, tsc, '-p', FOLDER]).finally(() => rm(wrong))
  expect(stdout.trim()).toMatch(
    /^examples\/client\/wrong\.ts\(2,27\): error TS2339: .*no-such-route.*$/,
  )
})

test('the typed client example returns the cheapest store of a product', async () => {
  expect(await describeCheapest(client, 'חלב')).toMatch(/^\d+(\.\d+)? ₪ in .+: .*חלב/)
  expect(await describeCheapest(client, 'אין כזה דבר')).toBe('Nobody sells אין כזה דבר')
})
