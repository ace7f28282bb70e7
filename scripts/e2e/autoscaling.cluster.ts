/**
 * The autoscaler of the component `autoscaling`, which scales on the CPU use from metrics-server.
 */
import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../gate/run-tool.ts'
import { applyText, kubectl } from './cluster/kubectl.ts'
import { waitFor } from './cluster/processes.ts'
import { startLoad } from './load.ts'

setDefaultTimeout(300_000)

const NAMESPACE = 'super-zol-local'
const inNamespace = ['-n', NAMESPACE]
const MANIFEST = 'kustomize/components/autoscaling/horizontal-pod-autoscaler.yaml'

interface Autoscaler {
  spec: {
    maxReplicas: number
    behavior: { scaleDown: { stabilizationWindowSeconds: number; policies: object[] } }
  }
}

async function replicas(): Promise<number> {
  return Number(
    await kubectl('get', 'deployment/api', ...inNamespace, '-o', 'jsonpath={.spec.replicas}'),
  )
}

async function untilReplicas(count: number): Promise<string> {
  const began = performance.now()
  const what = `${count} replicas`
  await waitFor(what, async () => (await replicas()) === count || undefined, 150_000)
  return `${((performance.now() - began) / 1000).toFixed(0)} s`
}

afterAll(async () => {
  await kubectl('delete', 'hpa', 'api', ...inNamespace, '--ignore-not-found')
})

test('the autoscaler adds and removes replicas as the load changes', async () => {
  const scaler = Bun.YAML.parse(readFileSync(join(ROOT, MANIFEST), 'utf8')) as Autoscaler
  scaler.spec.maxReplicas = 3
  // the component waits five minutes before it removes a replica, and a minute before the next
  scaler.spec.behavior.scaleDown = {
    stabilizationWindowSeconds: 10,
    policies: [{ type: 'Pods', value: 2, periodSeconds: 15 }],
  }
  expect(await applyText(JSON.stringify(scaler), ...inNamespace)).toMatchObject({ code: 0 })
  await untilReplicas(2)
  const load = await startLoad(NAMESPACE, { clients: 8, pauseMs: 0 })
  console.log(`to 3 replicas under load: ${await untilReplicas(3)}`)
  expect((await load.stop()).answered).toBeGreaterThan(100)
  console.log(`back to 2 replicas without it: ${await untilReplicas(2)}`)
})
