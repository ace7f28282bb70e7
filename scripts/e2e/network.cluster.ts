/** The enforced network policies allow exactly the connections of the architecture. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { EDGES } from '../gate/delivery/rules-network.ts'
import { kubectl } from './cluster/kubectl.ts'
import { WORLD } from './cluster/node.ts'
import { WORK } from './cluster/processes.ts'
import { OUTSIDE, scriptPod, startPods } from './load.ts'

setDefaultTimeout(300_000)

const NAMESPACE = 'super-zol-local'

/** The clients: pods with a component's label, and pods of other namespaces. */
const CLIENTS = ['api', 'job', 'backup', 'blackbox-exporter', 'prometheus', 'redis', 'kaggle']

/** Connections that are not in the architecture. */
const BLOCKED = [
  'api → s3:7070',
  'api → kaggle:8780',
  'api → the world:443',
  'job → redis:6379',
  'job → api:3000',
  'backup → redis:6379',
  'backup → the world:443',
  'redis → postgres:5432',
  'kaggle → the world:443',
  'prometheus → postgres:5432',
  'prometheus → api:3000',
  'blackbox-exporter → redis:6379',
  'traefik/* → postgres:5432',
  'traefik/* → api:9464',
  'default/* → api:3000',
  'default/* → postgres:5432',
]

function podName(client: string): string {
  return `edge-${client.replace('/*', '')}`
}

function namespaceOf(client: string): string {
  return client.endsWith('/*') ? client.replace('/*', '') : NAMESPACE
}

/** Tries connections from a pod in parallel; returns which succeed within two seconds. */
async function tryAll(client: string, targets: string[]): Promise<boolean[]> {
  const script = `
    const { connect } = require('node:net')
    const attempt = (target) => new Promise((resolve) => {
      const at = target.lastIndexOf(':')
      const socket = connect({ host: target.slice(0, at), port: Number(target.slice(at + 1)) })
      const end = (made) => { socket.destroy(); resolve(made) }
      socket.once('connect', () => end(true)).once('error', () => end(false))
      setTimeout(() => end(false), 2000)
    })
    console.log(JSON.stringify(await Promise.all(${JSON.stringify(targets)}.map(attempt))))`
  const place = [podName(client), '-n', namespaceOf(client)]
  return JSON.parse(await kubectl('exec', ...place, '--', '/usr/local/bin/bun', '-e', script))
}

/** The address of the pod that an edge leads to, or the one that represents the internet. */
async function addressOf(component: string): Promise<string> {
  if (component === 'the world') return WORLD
  const label = `app.kubernetes.io/component=${component}`
  const path = 'jsonpath={.items[0].status.podIP}'
  return kubectl('get', 'pods', '-n', NAMESPACE, '-l', `${label},!edge`, '-o', path)
}

interface Edge {
  text: string
  client: string
  component: string
  port: string
}

function parse(text: string): Edge {
  const [, client = '', component = '', port = ''] = /^(.*) → (.*):(\d+)$/.exec(text) ?? []
  return { text, client, component, port }
}

/** The edges over which a connection succeeds. */
async function openOf(edges: Edge[]): Promise<string[]> {
  const clients = [...new Set(edges.map(({ client }) => client))]
  const open = await Promise.all(
    clients.map(async (client) => {
      const own = edges.filter((edge) => edge.client === client)
      const targets = await Promise.all(
        own.map(async ({ component, port }) => `${await addressOf(component)}:${port}`),
      )
      const made = await tryAll(client, targets)
      return own.filter((_, index) => made[index]).map(({ text }) => text)
    }),
  )
  return open.flat().sort()
}

const IDLE = { script: 'setInterval(() => {}, 1000)' }

beforeAll(async () => {
  const own = CLIENTS.map((client) => {
    const labels = {
      'app.kubernetes.io/component': client,
      'app.kubernetes.io/name': client === 'job' ? 'ingest' : 'edge',
      edge: 'client',
    }
    return scriptPod(podName(client), { namespace: NAMESPACE, labels, ...IDLE })
  })
  const others = [OUTSIDE, 'default'].map((namespace) => {
    return scriptPod(podName(`${namespace}/*`), { namespace, ...IDLE })
  })
  await startPods([...own, ...others])
  // a network policy needs a moment to take effect for a new pod
  await Bun.sleep(5000)
})

afterAll(async () => {
  for (const client of [...CLIENTS, `${OUTSIDE}/*`, 'default/*']) {
    await kubectl('delete', 'pod', podName(client), '-n', namespaceOf(client), '--now')
  }
})

test('every connection of the architecture in local is allowed', async () => {
  const edges = EDGES.map(parse).filter(({ client, component, port }) => {
    const isClient = CLIENTS.includes(client) || client === 'traefik/*'
    // external databases belong to other overlays, and kind has no address for the internet
    return isClient && (component !== 'the world' || (port === '443' && WORK !== ''))
  })
  expect(edges.length).toBeGreaterThan(10)
  expect(await openOf(edges)).toEqual(edges.map(({ text }) => text).sort())
  console.log(`${edges.length} edges are open`)
})

test('every pod may resolve DNS names', async () => {
  const name = `postgres.${NAMESPACE}.svc.cluster.local:5432`
  expect(await tryAll('api', [name])).toEqual([true])
})

test('connections that are not in the architecture are blocked', async () => {
  expect(await openOf(BLOCKED.map(parse))).toEqual([])
  console.log(`${BLOCKED.length} others are shut`)
})
