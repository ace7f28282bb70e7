/**
 * Loss of the database, Redis and replicas under load: the responses meanwhile and the data
 * afterwards.
 */
import { beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { kubectl } from './cluster/kubectl.ts'
import { waitFor } from './cluster/processes.ts'
import { commandsUnder, runCommand } from './documents.ts'
import { type LoadResult, startLoad } from './load.ts'

setDefaultTimeout(300_000)

const NAMESPACE = 'super-zol-local'
const inNamespace = ['-n', NAMESPACE]
/** The row counts of all our tables, one line `schema.table rows` each. */
const ROWS = `select string_agg(format('%s.%s %s', schemaname, relname,
    (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %I.%I', schemaname,
    relname), false, true, '')))[1]), E'\\n' order by schemaname, relname)
  from pg_stat_user_tables where schemaname <> 'core'`

function rows(): Promise<string> {
  const psql = 'PGPASSWORD=$POSTGRES_PASSWORD psql -U super_zol -Atc "$1"'
  return kubectl('exec', 'postgres-0', ...inNamespace, '--', 'bash', '-c', psql, 'rows', ROWS)
}

/** Kills a pod at once, as a power cut would, and waits for its replacement. */
async function kill(pod: string, workload: string): Promise<void> {
  await kubectl('delete', pod, ...inNamespace, '--grace-period=0', '--force')
  await kubectl('rollout', 'status', workload, ...inNamespace, '--timeout=120s')
}

async function podOf(component: string): Promise<string> {
  const label = `app.kubernetes.io/component=${component}`
  const names = await kubectl('get', 'pods', ...inNamespace, '-l', label, '-o', 'name')
  return names.split('\n')[0] ?? ''
}

/** Runs load while `lose` removes something, until the API responds again. */
async function during(label: string, lose: () => Promise<void>): Promise<LoadResult> {
  const load = await startLoad(NAMESPACE)
  const began = performance.now()
  await lose()
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  await Bun.sleep(3000)
  const result = await load.stop()
  console.log(`${label} (back after ${seconds} s): ${JSON.stringify(result)}`)
  return result
}

beforeAll(async () => {
  await kubectl('scale', 'deployment/api', ...inNamespace, '--replicas=2')
  await kubectl('rollout', 'status', 'deployment/api', ...inNamespace, '--timeout=120s')
})

describe('losses under load', () => {
  test('a killed database comes back with all rows; meanwhile callers get 200 or 503', async () => {
    const before = await rows()
    const result = await during('database', () => kill('pod/postgres-0', 'statefulset/postgres'))
    expect(Object.keys(result.statuses).filter((status) => !/200|503/.test(status))).toEqual([])
    await waitFor('the database', async () => (await rows()) === before || undefined)
  })

  test('killing Redis loses no request', async () => {
    const pod = await podOf('redis')
    const result = await during('Redis', () => kill(pod, 'deployment/redis'))
    expect(result).toMatchObject({ statuses: { 200: result.answered }, lost: [] })
  })

  test('killing a replica loses only the requests that reached it', async () => {
    const pod = await podOf('api')
    const result = await during('replica', () => kill(pod, 'deployment/api'))
    expect(result.statuses).toEqual({ 200: result.answered })
    // four clients, for the second or two in which the Service still lists the pod's address
    expect(result.lost.length).toBeLessThan(50)
  })
})

describe('docs/runbooks/restore.md', () => {
  /** Runs the commands under a heading of the runbook in the namespace. */
  async function follow(heading: string, wanted: RegExp): Promise<void> {
    const commands = commandsUnder('docs/runbooks/restore.md', heading)
    const followed = commands.filter((command) => wanted.test(command))
    expect(followed.length).toBeGreaterThan(0)
    for (const command of followed) {
      const named = command.replaceAll('OVERLAY', 'local')
      const began = performance.now()
      const { code, stdout, stderr } = await runCommand(named)
      console.log(`${((performance.now() - began) / 1000).toFixed(1)} s: ${named.slice(0, 80)}`)
      if (code !== 0) throw new Error(`Cannot ${named}: ${stdout}${stderr}`)
    }
  }

  test('the runbook restores every row after the database and its volume are lost', async () => {
    await kubectl('config', 'set-context', '--current', `--namespace=${NAMESPACE}`)
    const before = await rows()
    const backup = ['create', 'job', 'backup-now', ...inNamespace, '--from=cronjob/backup']
    await kubectl(...backup)
    await kubectl(
      'wait',
      '--for=condition=complete',
      'job/backup-now',
      ...inNamespace,
      '--timeout=60s',
    )
    const began = performance.now()
    await follow('## The database itself is gone', /./)
    expect(await rows().catch(() => 'empty')).not.toBe(before)
    await follow('# Restore', /suspend":true|restore-1/)
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    await waitFor('the rows', async () => (await rows()) === before || undefined)
    const count = before.split('\n').reduce((sum, line) => sum + Number(line.split(' ')[1]), 0)
    console.log(`volume deleted and restored: ${count} rows in ${seconds} s`)
    expect(count).toBeGreaterThan(1000)
    await follow('# Restore', /suspend":false|ingest-now/)
  })
})
