/** The nightly job, started on demand: the effects of its exit codes and of evictions. */
import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { applyText, kubectl } from './cluster/kubectl.ts'
import { waitFor } from './cluster/processes.ts'

setDefaultTimeout(300_000)

const NAMESPACE = 'super-zol-local'
const inNamespace = ['-n', NAMESPACE]

interface Job {
  spec: { template: { spec: { containers: { args?: string[]; command?: string[] }[] } } }
  status: {
    succeeded?: number
    failed?: number
    conditions?: { type: string; status: string; reason?: string }[]
  }
}

/** Creates a job from the CronJob `ingest`, with another command if one is given. */
async function createJob(name: string, container: { args?: string[]; command?: string[] } = {}) {
  const create = ['create', 'job', name, ...inNamespace, '--from=cronjob/ingest']
  const job: Job = JSON.parse(await kubectl(...create, '--dry-run=client', '-o', 'json'))
  Object.assign(job.spec.template.spec.containers[0] ?? {}, container)
  expect(await applyText(JSON.stringify(job), ...inNamespace)).toMatchObject({ code: 0 })
}

/** Waits until a job has ended. */
function ended(name: string): Promise<Job['status'] & { reason: string }> {
  return waitFor(
    `the job ${name}`,
    async () => {
      const job: Job = JSON.parse(await kubectl('get', 'job', name, ...inNamespace, '-o', 'json'))
      const last = job.status.conditions?.find(
        ({ type, status }) => ['Complete', 'Failed'].includes(type) && status === 'True',
      )
      return last && { ...job.status, reason: last.reason ?? last.type }
    },
    240_000,
  )
}

async function podsOf(job: string): Promise<string[]> {
  const names = await kubectl('get', 'pods', ...inNamespace, '-l', `job-name=${job}`, '-o', 'name')
  return names.split('\n').filter((name) => name !== '')
}

/** A pod that runs for 8 s, as an ingestion might, without a database. */
const SLEEPING_POD = {
  command: ['/usr/local/bin/bun', '-e', 'await Bun.sleep(8000)'],
  args: [],
}

describe('the CronJob ingest', () => {
  test('two simultaneous ingestions download and load the data one after the other', async () => {
    const began = performance.now()
    await Promise.all([createJob('ingest-first'), createJob('ingest-second')])
    const results = await Promise.all([ended('ingest-first'), ended('ingest-second')])
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    console.log(`two ingestions at once: ${seconds} s, ${JSON.stringify(results)}`)
    expect(results.map(({ succeeded }) => succeeded)).toEqual([1, 1])
    const logs = await kubectl(
      'logs',
      ...inNamespace,
      '-l',
      'app.kubernetes.io/component=job',
      '--tail=-1',
    )
    expect(logs).toContain('"completed"')
  })

  test('a run with exit code 2 (wrong usage) is not retried', async () => {
    await createJob('ingest-usage', { args: ['ingest', '--no-such-option'] })
    expect(await ended('ingest-usage')).toMatchObject({ failed: 1, reason: 'PodFailurePolicy' })
    expect(await podsOf('ingest-usage')).toHaveLength(1)
  })

  test('an evicted run continues in another pod without using up a retry', async () => {
    await createJob('ingest-evicted', SLEEPING_POD)
    const pod = await waitFor('its pod', async () => {
      const [name] = await podsOf('ingest-evicted')
      const phase =
        name && (await kubectl('get', name, ...inNamespace, '-o', 'jsonpath={.status.phase}'))
      return phase === 'Running' ? name?.replace('pod/', '') : undefined
    })
    const eviction = {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name: pod, namespace: NAMESPACE },
    }
    const path = `/api/v1/namespaces/${NAMESPACE}/pods/${pod}/eviction`
    await Bun.write(`${process.env.WORK ?? '/tmp'}/eviction.json`, JSON.stringify(eviction))
    await kubectl('create', '--raw', path, '-f', `${process.env.WORK ?? '/tmp'}/eviction.json`)
    const result = await ended('ingest-evicted')
    console.log(`evicted: ${JSON.stringify(result)}`)
    expect(result).toMatchObject({ succeeded: 1 })
    expect(result.failed ?? 0).toBe(0)
    expect(await podsOf('ingest-evicted')).not.toContain(`pod/${pod}`)
  })
})
