/**
 * The overlay `local` on an empty cluster: start, scaling, rollout and drain without lost requests.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { ROOT, runTool } from '../gate/run-tool.ts'
import { applyText, KUBECTL, kubectl, tryKubectl } from './cluster/kubectl.ts'
import { forwardPorts } from './cluster/port-forward.ts'
import { waitFor } from './cluster/processes.ts'
import { commandsUnder, runCommand } from './documents.ts'
import { OUTSIDE, startLoad } from './load.ts'

setDefaultTimeout(300_000)

const NAMESPACE = 'super-zol-local'
const inNamespace = ['-n', NAMESPACE]
const API = ['deployment/api', ...inNamespace]

function secondsSince(began: number): string {
  return `${((performance.now() - began) / 1000).toFixed(1)} s`
}

async function rolledOut(): Promise<void> {
  await kubectl('rollout', 'status', ...API, '--timeout=120s')
}

async function scaleTo(replicas: number): Promise<void> {
  await kubectl('scale', ...API, `--replicas=${replicas}`)
  await rolledOut()
  await waitFor(`${replicas} pods`, async () => (await apiPods()).length === replicas || undefined)
}

/** The API's pods, including terminating ones. */
async function apiPods(): Promise<string[]> {
  const label = 'app.kubernetes.io/component=api'
  const names = await kubectl('get', 'pods', ...inNamespace, '-l', label, '-o', 'name')
  return names.split('\n').filter((name) => name !== '')
}

beforeAll(async () => {
  // in kind the namespace exists already, with Traefik
  await tryKubectl('create', 'namespace', OUTSIDE)
})

test('local, applied as in docs/deploy.md, is ready within two minutes', async () => {
  const began = performance.now()
  const commands = commandsUnder('docs/deploy.md', '## On this machine')
  for (const command of commands.filter((line) => /apply|rollout/.test(line))) {
    const { code, stdout, stderr } = await runCommand(command)
    if (code !== 0) throw new Error(`Cannot ${command}: ${stdout}${stderr}`)
  }
  console.log(`the API is ready ${secondsSince(began)} after apply began`)
  const workloads = await kubectl('get', 'deployments,statefulsets', ...inNamespace, '-o', 'name')
  for (const workload of workloads.split('\n')) {
    await kubectl('rollout', 'status', workload, ...inNamespace, '--timeout=120s')
  }
  const seconds = (performance.now() - began) / 1000
  console.log(`all of local is ready after ${seconds.toFixed(1)} s`)
  expect(seconds).toBeLessThan(120)
})

describe('API in the overlay local', () => {
  test('the smoke test of the API passes through its Service', async () => {
    const stopForwarding = await forwardPorts(NAMESPACE, 'service/api', '3000:80')
    const logs = [KUBECTL, 'logs', ...API, '--container=api', '--since=5m']
    const command = ['bash', 'scripts/smoke.sh', 'http://localhost:3000', ...logs]
    const { code, stdout, stderr } = await runTool(command, { cwd: ROOT })
    stopForwarding()
    expect({ code, output: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, output: '' })
  })

  test('the API scales from 1 to 3 replicas and back', async () => {
    const began = performance.now()
    await scaleTo(3)
    console.log(`1 to 3 replicas: ${secondsSince(began)}`)
    const down = performance.now()
    await scaleTo(1)
    console.log(`3 to 1 replica, the last pod gone: ${secondsSince(down)}`)
  })

  test('a rollout of the API and its undo lose no request', async () => {
    await scaleTo(2)
    const load = await startLoad(NAMESPACE)
    for (const step of ['restart', 'undo']) {
      const began = performance.now()
      await kubectl('rollout', step, ...API)
      await rolledOut()
      // replaced pods also terminate under load
      await waitFor('two pods', async () => (await apiPods()).length === 2 || undefined)
      console.log(`rollout ${step}: ${secondsSince(began)}`)
    }
    const result = await load.stop()
    console.log(`rollout and undo: ${JSON.stringify(result)}`)
    expect(result).toMatchObject({ statuses: { 200: result.answered }, lost: [] })
    expect(result.answered).toBeGreaterThan(200)
  })

  test('draining a node evicts one API pod at a time and loses no request', async () => {
    const budget = await Bun.file(
      `${ROOT}/kustomize/components/autoscaling/pod-disruption-budget.yaml`,
    ).text()
    expect(await applyText(budget, ...inNamespace)).toMatchObject({ code: 0 })
    const path = 'jsonpath={.spec.nodeName}'
    const database = await kubectl('get', 'pod/postgres-0', ...inNamespace, '-o', path)
    const all = await kubectl(
      'get',
      'nodes',
      '-l',
      '!node-role.kubernetes.io/control-plane',
      '-o',
      'name',
    )
    const [node = ''] = all
      .replaceAll('node/', '')
      .split('\n')
      .filter((name) => name !== database)
    const load = await startLoad(NAMESPACE, { node: database })
    const began = performance.now()
    await kubectl('drain', node, '--delete-emptydir-data', '--force', '--timeout=120s')
    await rolledOut()
    console.log(`${node} drained: ${secondsSince(began)}`)
    await kubectl('uncordon', node)
    const result = await load.stop()
    console.log(`drain: ${JSON.stringify(result)}`)
    expect(result).toMatchObject({ statuses: { 200: result.answered }, lost: [] })
    await kubectl('delete', 'pdb', 'api', ...inNamespace)
  })
})

afterAll(async () => {
  await kubectl('get', 'pods', '-A', '-o', 'wide').then((pods) => console.log(pods))
})
