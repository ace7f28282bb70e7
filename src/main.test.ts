import { afterAll, beforeAll, expect, test } from 'bun:test'
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createTestDatabase, type TestDatabase } from './testing/test-database.ts'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url).href)

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase({ migrated: false })
})
afterAll(() => database.drop())

/** Starts the process. `output` contains all its output so far. */
function start(variables: Record<string, string>, ...args: string[]) {
  const env = {
    PATH: process.env.PATH ?? '',
    LOG_FORMAT: 'json',
    DATABASE_URL: database.url,
    SAMPLE_DATA: 'off',
    ...variables,
  }
  const child = spawn(process.execPath, ['--no-env-file', MAIN, ...args], { env })
  const run = {
    child,
    output: '',
    ended: new Promise<number | null>((resolve) => child.on('close', resolve)),
  }
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      run.output += text
    })
  }
  return run
}

async function untilItSays(run: ReturnType<typeof start>, pattern: RegExp): Promise<string> {
  for (let tries = 0; tries < 500; tries++) {
    const found = pattern.exec(run.output)
    if (found) return found[1] ?? ''
    await sleep(20)
  }
  throw new Error(`It never said ${pattern}: ${run.output}`)
}

test('serve migrates, answers requests, and stops cleanly on SIGTERM', async () => {
  const run = start({ PORT: '0' }, 'serve')
  const url = await untilItSays(run, /"url":"([^"]+)"/)
  const answer = await fetch(`${url}/v1/products`)
  expect(answer.status).toBe(200)
  expect(await answer.json()).toMatchObject({ data: [], pagination: { total: 0 } })
  run.child.kill('SIGTERM')
  expect(await run.ended).toBe(0)
  expect(run.output).toContain('"msg":"stopped"')
})

test('after SIGTERM the server is not ready, still answers, and finishes active requests', async () => {
  const { sql } = database
  const run = start({ PORT: '0', STOP_DELAY_SECONDS: '1' }, 'serve')
  const url = await untilItSays(run, /"url":"([^"]+)"/)
  const slow = await sql.reserve()
  await slow`begin`
  await slow`lock table catalog.chains in access exclusive mode`
  const begun = fetch(`${url}/v1/chains`)
  await sleep(200)
  run.child.kill('SIGTERM')
  await untilItSays(run, /"msg":"(stopping)"/)
  const ready = await fetch(`${url}/health/ready`)
  expect([ready.status, JSON.parse(await ready.text()).status]).toEqual([503, 'stopping'])
  expect((await fetch(`${url}/v1/stores`)).status).toBe(200)
  await sleep(1200)
  expect(
    await fetch(`${url}/health/live`).then(
      () => 'taken',
      () => 'refused',
    ),
  ).toBe('refused')
  await slow`commit`
  slow.release()
  expect((await begun).status).toBe(200)
  expect(await run.ended).toBe(0)
})

test('a second signal stops the process at once', async () => {
  const run = start({ PORT: '0', STOP_DELAY_SECONDS: '300' }, 'serve')
  await untilItSays(run, /"msg":"(listening)"/)
  run.child.kill('SIGTERM')
  await sleep(2100)
  run.child.kill('SIGTERM')
  expect(await run.ended).toBe(130)
})

test('METRICS_PORT serves the metrics on a separate port', async () => {
  const run = start({ PORT: '0', METRICS_PORT: '0', BUILD_COMMIT: 'abc123' })
  const url = await untilItSays(run, /"url":"([^"]+)"/)
  const metrics = await untilItSays(run, /"metrics":"([^"]+)"/)
  expect((await fetch(`${url}/metrics`)).status).toBe(404)
  const text = await (await fetch(metrics)).text()
  expect(text).toContain(
    'super_zol_http_requests_total{method="GET",route="unknown",status="404"} 1\n',
  )
  expect(text).toMatch(/^super_zol_build_info\{version="[\d.]+",commit="abc123"\} 1$/m)
  expect(text).toMatch(/^process_resident_memory_bytes \d{8,}$/m)
  run.child.kill('SIGTERM')
  expect(await run.ended).toBe(0)
  const lines = run.output.trim().split('\n')
  const messages = lines.map((line) => JSON.parse(line).msg)
  expect(messages).toContain('answered')
  expect(messages.at(-1)).toBe('stopped')
})

test('an invalid setting is named in the error', async () => {
  const run = start({ PORT: 'abc' })
  expect(await run.ended).toBe(1)
  expect(run.output.trim()).toBe('Cannot use PORT=abc: it must be a whole number from 0 to 65535')
})

test('a port in use gives an error before the database is opened', async () => {
  const other = createServer()
  const port = await new Promise<number>((resolve) => {
    other.listen(0, '127.0.0.1', () => {
      const address = other.address()
      resolve(address !== null && typeof address === 'object' ? address.port : 0)
    })
  })
  const run = start({ PORT: String(port), DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' })
  expect(await run.ended).toBe(1)
  expect(run.output).toContain(`Cannot listen on 127.0.0.1:${port}: the port is taken`)
  const metrics = start({ PORT: '0', METRICS_PORT: String(port) })
  expect(await metrics.ended).toBe(1)
  expect(metrics.output).toContain('stop what uses it, or set METRICS_PORT to another')
  other.close()
})

test('the error for an unreachable database names it without its password', async () => {
  const run = start({ PORT: '0', DATABASE_URL: 'postgres://me:secret@127.0.0.1:1/prices' })
  expect(await run.ended).toBe(1)
  expect(run.output).toContain('Cannot use the database of DATABASE_URL (127.0.0.1:1/prices)')
  expect(run.output).not.toContain('secret')
})

test('an unknown command exits with code 2', async () => {
  const [unknown, help] = [start({}, 'sevre'), start({}, '--help')]
  expect(await unknown.ended).toBe(2)
  expect(unknown.output).toStartWith(
    'Cannot run sevre: there is no such command; --help lists them\n',
  )
  expect(await help.ended).toBe(0)
  expect(help.output).toMatch(/^ +ingest .*\n +migrate /m)
})
