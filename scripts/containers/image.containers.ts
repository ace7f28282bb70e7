/**
 * The image as a cluster runs it, step by step, with a separate PostgreSQL (`npm run
 * test:containers`).
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { sampleTruth } from '../sample/generate.ts'
import { docker, LABEL, published, residentMegabytes, tryDocker, untilHealthy } from './docker.ts'
import {
  answerOf,
  DISTROLESS_IMAGE,
  IMAGE,
  openStage,
  psql,
  REDIS,
  runCommand,
  startServer,
  stopServer,
  untilPostgresAnswers,
} from './stage.ts'

setDefaultTimeout(120_000)

let stage: Awaited<ReturnType<typeof openStage>>
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

const LISTS_FILES = `
const { readdirSync } = require('node:fs')
const walk = (folder) => readdirSync(folder, { withFileTypes: true }).forEach((entry) => {
  const path = folder + '/' + entry.name
  if (entry.isDirectory()) walk(path)
  else console.log(path)
})
for (const top of ['/app', '/data', '/etc', '/usr']) walk(top)`

describe('content of the image', () => {
  test('the image adds less than 180 MB to its base', async () => {
    const size = async (image: string) =>
      Number(await docker('image', 'inspect', '--format={{.Size}}', image)) / 1e6
    const [whole, base] = [await size(IMAGE), await size(DISTROLESS_IMAGE)]
    console.log(`image: ${whole.toFixed(0)} MB, of which its base ${base.toFixed(0)} MB`)
    expect(whole - base).toBeLessThan(180)
  })

  test('the image contains no shell, no PostgreSQL and no tests', async () => {
    const run = (entry: string, ...args: string[]) =>
      tryDocker(['run', '--rm', '--label', LABEL, `--entrypoint=${entry}`, IMAGE, ...args])
    expect((await run('sh', '-c', 'true')).code).toBe(127)
    const files = (await run('/usr/local/bin/bun', '-e', LISTS_FILES)).stdout.split('\n')
    expect(files).toContain('/app/main.js')
    const unwanted = /postgres$|initdb|\.test\.|\/(ba|da)?sh$|node_modules\/(?!swagger-ui-dist\/)/
    expect(files.filter((path) => unwanted.test(path))).toEqual([])
  })

  test('the image runs as user 10001 and has labels for its version and revision', async () => {
    const { Config } = JSON.parse(await docker('image', 'inspect', '--format={{json .}}', IMAGE))
    expect(Config.User).toBe('10001:10001')
    expect(Config.Labels['org.opencontainers.image.version']).toMatch(/^\d+\.\d+\.\d+$/)
    expect(Config.Labels['org.opencontainers.image.revision']).toMatch(/^[0-9a-f]{12}$|^unknown$/)
  })
})

describe('commands of the image', () => {
  test('a command without DATABASE_URL exits with 1', async () => {
    const { code, stderr } = await runCommand(['migrate', 'status'], {
      options: ['--env=DATABASE_URL='],
    })
    expect(stderr).toContain('Cannot find a database: DATABASE_URL is not set')
    expect(code).toBe(1)
  })

  test('of two simultaneous migrations one migrates while the other waits', async () => {
    const runs = await Promise.all([runCommand(['migrate', 'up']), runCommand(['migrate', 'up'])])
    expect(runs.map(({ code }) => code)).toEqual([0, 0])
    const output = runs.map(({ stdout }) => stdout).join('')
    expect(output.match(/applied {2}0001_main$/gm)).toHaveLength(1)
    expect(output).toContain('nothing is pending')
  })

  test('ingesting the sample twice succeeds', async () => {
    for (const _ of ['new', 'known']) {
      const options = ['--volume', `${stage.sample}:/data/incoming:ro`]
      const { code, stderr } = await runCommand(['ingest', '/data/incoming', '--json'], { options })
      expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    }
    const truth = sampleTruth()
    expect(Number(await answerOf('select count(*) from pricing.prices'))).toBe(truth.price_spans)
    expect(
      Number(await answerOf('select count(*) from pricing.prices where valid_to is null')),
    ).toBe(truth.current_total)
  })
})

describe('server in the image', () => {
  test('the server is healthy within two seconds and answers requests', async () => {
    let [url, seconds] = ['', Number.POSITIVE_INFINITY]
    // a busy machine may be late
    for (let tries = 0; tries < 3 && seconds > 2; tries++) {
      if (tries > 0) await docker('rm', '--force', 'server')
      const began = performance.now()
      url = await startServer(IMAGE, 'server', REDIS)
      await untilHealthy(`${url}/health/ready`)
      seconds = (performance.now() - began) / 1000
    }
    const megabytes = await residentMegabytes('server')
    console.log(
      `first healthy answer: ${seconds.toFixed(2)} s after docker run; idle: ${megabytes.toFixed(0)} MB`,
    )
    expect(seconds).toBeLessThan(2)
    for (const path of [
      '/v1/products',
      '/v1/prices',
      '/docs',
      '/docs/json',
      '/docs/assets/swagger-ui-bundle.js',
    ]) {
      expect({ path, status: (await fetch(url + path)).status }).toEqual({ path, status: 200 })
    }
  })

  test("the image's health check passes for a user without a name", async () => {
    const [, user = ''] = (await docker('top', 'server', '-o', 'pid,uid')).split('\n')
    expect(user.trim()).toEndWith(' 10001')
    const health = () => docker('inspect', '--format={{.State.Health.Status}}', 'server')
    for (let tries = 0; tries < 100 && (await health()) === 'starting'; tries++)
      await Bun.sleep(100)
    expect(await health()).toBe('healthy')
  })

  test('the server keeps running while the database is down and recovers with it', async () => {
    const url = await published('server', 3000)
    await docker('stop', 'postgres')
    expect((await fetch(`${url}/health`)).status).toBe(503)
    const ready = await fetch(`${url}/health/ready`)
    expect([ready.status, JSON.parse(await ready.text()).status]).toEqual([200, 'degraded'])
    expect((await fetch(`${url}/health/live`)).status).toBe(200)
    await docker('start', 'postgres')
    await untilPostgresAnswers()
    await untilHealthy(`${url}/health`)
    expect((await fetch(`${url}/v1/products?q=1`)).status).toBe(200)
  })

  test('the server works without Redis and reports that Redis is down', async () => {
    const url = await published('server', 3000)
    const untilRedis = async (wanted: boolean) => {
      const readiness = async () => (await fetch(`${url}/health/ready`)).json()
      for (let tries = 0; tries < 100; tries++) {
        if (Bun.deepEquals(await readiness(), { status: 'ready', database: true, redis: wanted }))
          return
        await Bun.sleep(100)
      }
      throw new Error(
        `Redis: ${wanted} is never told. ${await docker('logs', '--tail=5', 'redis')}`,
      )
    }
    await untilRedis(true)
    await docker('stop', '--time=2', 'redis')
    await untilRedis(false)
    const { status, headers } = await fetch(`${url}/v1/stores`)
    expect([status, headers.get('ratelimit-limit')]).toEqual([200, '300'])
    await docker('start', 'redis')
    await untilRedis(true)
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(metrics).toContain('super_zol_redis_up 1\n')
    expect(metrics).toMatch(
      /^super_zol_build_info\{version="\d+\.\d+\.\d+",commit="([0-9a-f]{12}|unknown)"\} 1$/m,
    )
  })

  test('on SIGTERM the server finishes requests in flight', async () => {
    const url = await published('server', 3000)
    const held = psql('begin; lock table catalog.products; select pg_sleep(3); commit')
    await Bun.sleep(1000)
    const response = fetch(`${url}/v1/products?q=2`)
    await Bun.sleep(500)
    const [{ code, lastLine }, { status }] = await Promise.all([stopServer('server'), response])
    expect({ code, status, held: (await held).code }).toEqual({ code: 0, status: 200, held: 0 })
    expect(lastLine).toContain('"msg":"stopped"')
  })
})
