/** The Prometheus of `observability`: dashboard queries return data, and alerts fire. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../gate/run-tool.ts'
import { applyText, kubectl } from './cluster/kubectl.ts'
import { nodeAddress, SMALL_VOLUME } from './cluster/node.ts'
import { forwardPorts } from './cluster/port-forward.ts'
import { WORK, waitFor } from './cluster/processes.ts'
import { scriptPod, startLoad, startPods } from './load.ts'

setDefaultTimeout(300_000)

const NAMESPACE = 'super-zol-local'
const inNamespace = ['-n', NAMESPACE]
const FOLDER = join(ROOT, 'kustomize/components')
const DASHBOARD = join(FOLDER, 'grafana/super-zol.json')
const RULES = join(FOLDER, 'observability/alerts.yaml')
const SCRAPE = join(FOLDER, 'observability/scrape.yaml')
const KUBELETS = `  - job_name: kubelet
    static_configs: [{targets: ['${nodeAddress(1)}:10255', '${nodeAddress(2)}:10255']}]
`
const PROMETHEUS = 'http://127.0.0.1:9090/api/v1'

interface Dashboard {
  panels: { title: string; targets: { expr: string }[] }[]
}

interface Answer<T> {
  data: T
}

let stopForwarding = () => {}

async function ask<T>(path: string): Promise<T> {
  const response = await fetch(`${PROMETHEUS}/${path}`, { signal: AbortSignal.timeout(5000) })
  return ((await response.json()) as Answer<T>).data
}

/** The number of series that a query returns. */
async function seriesOf(expr: string): Promise<number> {
  const { result } = await ask<{ result: unknown[] }>(`query?query=${encodeURIComponent(expr)}`)
  return result.length
}

async function firing(): Promise<string[]> {
  const { alerts } = await ask<{ alerts: { state: string; labels: { alertname: string } }[] }>(
    'alerts',
  )
  return alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname)
}

/** Speeds up Prometheus: it scrapes every second, and alerts fire after two seconds. */
async function speedUpPrometheus(): Promise<void> {
  const rules = readFileSync(RULES, 'utf8').replace(/^( +for): .*$/gm, '$1: 2s')
  const scrape = readFileSync(SCRAPE, 'utf8')
    .replace('scrape_interval: 15s', 'scrape_interval: 1s\n  evaluation_interval: 1s')
    .replace('scrape_timeout: 10s', 'scrape_timeout: 1s')
    // the kubelets' volume statistics, which an operator's stack would add
    .concat(KUBELETS)
  const config = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'prometheus-in-a-hurry' },
    data: { 'prometheus.yml': scrape, 'alerts.yml': rules },
  }
  expect(await applyText(JSON.stringify(config), ...inNamespace)).toMatchObject({ code: 0 })
  const volumes = [{ name: 'configuration', configMap: { name: config.metadata.name } }]
  const patch = JSON.stringify({ spec: { template: { spec: { volumes } } } })
  await kubectl('patch', 'deployment/prometheus', ...inNamespace, '-p', patch)
  await kubectl('rollout', 'status', 'deployment/prometheus', ...inNamespace, '--timeout=60s')
}

beforeAll(async () => {
  await speedUpPrometheus()
  stopForwarding = await forwardPorts(NAMESPACE, 'service/prometheus', '9090')
})

afterAll(() => {
  stopForwarding()
})

describe('Prometheus', () => {
  test('Prometheus has data for every query of the dashboard', async () => {
    const { panels }: Dashboard = JSON.parse(readFileSync(DASHBOARD, 'utf8'))
    const queries = panels.flatMap(({ title, targets }) => {
      return targets.map(({ expr }) => ({ title, expr }))
    })
    const load = await startLoad(NAMESPACE, { clients: 1, pauseMs: 100 })
    // one panel shows failed requests, so some must fail
    const stopAsking = await forwardPorts(NAMESPACE, 'service/api', '3000:80')
    const asking = setInterval(() => {
      void fetch('http://127.0.0.1:3000/v1/nothing').catch(() => {})
    }, 500)
    const without = async () => {
      const counts = await Promise.all(queries.map(({ expr }) => seriesOf(expr)))
      return queries
        .filter((_, index) => counts[index] === 0)
        .map(({ title, expr }) => title + expr)
    }
    await waitFor(
      'data for every query',
      async () => {
        const missing = await without()
        if (missing.length > 0) throw new Error(missing.join('\n'))
        return true
      },
      40_000,
    )
    clearInterval(asking)
    stopAsking()
    await load.stop()
    console.log(`${queries.length} queries of ${panels.length} panels have data`)
    expect(queries.length).toBeGreaterThan(20)
  })

  test('the alert for missing replicas fires without replicas and stops with one', async () => {
    const began = performance.now()
    await kubectl('scale', 'deployment/api', ...inNamespace, '--replicas=0')
    await waitFor(
      'SuperZolDown',
      async () => (await firing()).includes('SuperZolDown') || undefined,
    )
    console.log(`SuperZolDown: ${((performance.now() - began) / 1000).toFixed(0)} s`)
    await kubectl('scale', 'deployment/api', ...inNamespace, '--replicas=1')
    await waitFor(
      'its end',
      async () => !(await firing()).includes('SuperZolDown') || undefined,
      90_000,
    )
  })

  test('the alert for old prices fires when the newest price is days old', async () => {
    await waitFor('SuperZolPricesOld', async () => {
      return (await firing()).includes('SuperZolPricesOld') || undefined
    })
  })

  test.skipIf(WORK === '')('the alert for full volumes fires when a volume fills up', async () => {
    const began = performance.now()
    const claim = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: SMALL_VOLUME },
      spec: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: '32Mi' } },
        storageClassName: SMALL_VOLUME,
      },
    }
    const edge = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'kubelets' },
      spec: {
        podSelector: { matchLabels: { 'app.kubernetes.io/component': 'prometheus' } },
        policyTypes: ['Egress'],
        egress: [{ ports: [{ port: 10255, protocol: 'TCP' }] }],
      },
    }
    for (const object of [claim, edge]) {
      expect(await applyText(JSON.stringify(object), ...inNamespace)).toMatchObject({ code: 0 })
    }
    const script = `await Bun.write('/full/file', 'x'.repeat(30 << 20)); setInterval(() => {}, 1e6)`
    const pod = scriptPod('fills', { namespace: NAMESPACE, script })
    const spec = pod.spec as { containers: object[] }
    Object.assign(spec, {
      volumes: [{ name: 'full', persistentVolumeClaim: { claimName: SMALL_VOLUME } }],
    })
    Object.assign(spec.containers[0] ?? {}, {
      volumeMounts: [{ name: 'full', mountPath: '/full' }],
    })
    await startPods([pod])
    await waitFor(
      'SuperZolVolumeFills',
      async () => (await firing()).includes('SuperZolVolumeFills') || undefined,
      120_000,
    )
    console.log(`SuperZolVolumeFills: ${((performance.now() - began) / 1000).toFixed(0)} s`)
    await kubectl('delete', 'pod', 'fills', ...inNamespace, '--now')
  })
})
