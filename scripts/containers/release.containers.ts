/** Operations: an upgrade under load, a backup and a restore (`npm run test:containers`). */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sampleTruth } from '../sample/generate.ts'
import { load, openBalancer } from './balancer.ts'
import { published, residentMegabytes, tryDocker, untilHealthy } from './docker.ts'
import {
  answerOf,
  CONTAINER_OPTIONS,
  IMAGE,
  NEXT_IMAGE,
  openStage,
  POSTGRES_IMAGE,
  psql,
  REDIS,
  runCommand,
  startServer,
  stopServer,
} from './stage.ts'

setDefaultTimeout(120_000)

/** Delay before a stop; in a cluster the pod's preStop gives load balancers 10 s. */
const LEAVE_MS = 1000
const PATHS = [
  '/v1/products?per_page=20',
  '/v1/prices?per_page=20',
  '/v1/stores',
  '/v1/metadata/stats',
  '/v1/chains',
]
const SCRIPTS = fileURLToPath(new URL('../../kustomize/components/backup', import.meta.url).href)
/** The row counts of all our tables, one line `schema.table rows` each. */
const ROWS = `select string_agg(format('%s.%s %s', schemaname, relname,
    (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %I.%I', schemaname, relname), false, true, '')))[1]),
    E'\\n' order by schemaname, relname) from pg_stat_user_tables`

let stage: Awaited<ReturnType<typeof openStage>>
beforeAll(async () => {
  stage = await openStage()
  const options = ['--volume', `${stage.sample}:/data/incoming:ro`]
  expect((await runCommand(['ingest', '/data/incoming', '--json'], { options })).code).toBe(0)
})
afterAll(() => stage.close())

test('an upgrade of two replicas loses no request', async () => {
  const balancer = openBalancer()
  const add = async (image: string, name: string) => {
    const url = await startServer(image, name, [...REDIS, '--env=RATE_LIMIT=off'])
    await untilHealthy(`${url}/health/ready`)
    balancer.add(url)
  }
  for (const name of ['old-1', 'old-2']) await add(IMAGE, name)
  const clients = load(
    PATHS.map((path) => balancer.url + path),
    4,
  )
  await Bun.sleep(2000)
  const busy = await residentMegabytes('old-1')
  for (const number of [1, 2]) {
    const old = await published(`old-${number}`, 3000)
    expect((await runCommand(['migrate', 'up'])).code).toBe(0)
    await add(NEXT_IMAGE, `new-${number}`)
    balancer.remove(old)
    await Bun.sleep(LEAVE_MS)
    expect((await stopServer(`old-${number}`)).code).toBe(0)
  }
  await Bun.sleep(1000)
  const { answered, lost } = await clients.stop()
  await balancer.close()
  console.log(
    `upgrade: ${answered} requests answered, ${lost.length} lost; under load: ${busy.toFixed(0)} MB`,
  )
  expect(lost).toEqual([])
  expect(answered).toBeGreaterThan(500)
})

test('restoring a backup brings back every row', async () => {
  const backups = join(stage.folder, 'backups')
  await mkdir(backups)
  // a pod's volume belongs to the pod's group
  await chmod(backups, 0o777)
  const run = (script: string) => {
    const mounts = [
      '--volume',
      `${SCRIPTS}:/scripts:ro`,
      '--volume',
      `${backups}:/backups`,
      '--tmpfs=/tmp',
    ]
    return tryDocker([
      'run',
      '--rm',
      ...CONTAINER_OPTIONS,
      '--user=10002',
      '--memory=256m',
      ...mounts,
      POSTGRES_IMAGE,
      'bash',
      `/scripts/${script}`,
    ])
  }
  const server = await published('new-1', 3000)
  const products = async () => {
    const answer = await (await fetch(`${server}/v1/products?per_page=100`)).json()
    return (answer as { data: unknown[] }).data
  }
  const before = await answerOf(ROWS)
  const productsBefore = await products()
  expect(await run('backup.sh')).toMatchObject({ code: 0 })
  expect(
    await psql('truncate catalog.products, pricing.prices cascade; drop schema ingestion cascade'),
  ).toMatchObject({
    code: 0,
  })
  expect(await run('restore.sh')).toMatchObject({ code: 0 })
  expect(await answerOf(ROWS)).toBe(before)
  expect(await products()).toEqual(productsBefore)
  const rows = before.split('\n').reduce((sum, line) => sum + Number(line.split(' ')[1]), 0)
  console.log(`restore: ${rows} rows of ${before.split('\n').length} tables, all of them back`)
  expect(rows).toBeGreaterThan(sampleTruth().price_spans)
})
