import { applyText, kubectl } from './cluster/kubectl.ts'
import { waitFor } from './cluster/processes.ts'
import { ownImage } from './programs/images.ts'

/** The namespace from which the architecture allows requests. */
export const OUTSIDE = 'traefik'

/** A restricted pod that runs JavaScript in our image. */
export function scriptPod(
  name: string,
  { namespace, labels = {}, script, node }: PodScript,
): Record<string, unknown> {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      ...(node && { nodeSelector: { 'kubernetes.io/hostname': node } }),
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 0,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 10001,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: 'script',
          image: ownImage(),
          imagePullPolicy: 'Never',
          command: ['/usr/local/bin/bun', '-e', script],
          resources: {
            requests: { cpu: '10m', memory: '64Mi' },
            limits: { cpu: '1', memory: '256Mi' },
          },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  }
}

interface PodScript {
  namespace: string
  labels?: Record<string, string>
  script: string
  /** The node to run on; any node if omitted. */
  node?: string
}

/** Starts pods and waits until they are running. */
export async function startPods(pods: Record<string, unknown>[]): Promise<void> {
  const { code, stderr } = await applyText(pods.map((pod) => JSON.stringify(pod)).join('\n---\n'))
  if (code !== 0) throw new Error(`Cannot start pods: ${stderr}`)
  for (const pod of pods) {
    const { name, namespace } = pod.metadata as { name: string; namespace: string }
    await kubectl('wait', '--for=condition=Ready', `pod/${name}`, '-n', namespace, '--timeout=60s')
  }
}

/**
 * Clients that send requests in a loop, each from another address, so that no rate limit per
 * address applies. Half of them open a connection for each request.
 */
const CLIENTS = `
const paths = ['/v1/products?per_page=20', '/v1/prices?per_page=20', '/v1/stores', '/v1/chains']
const [url, count] = [URL_, COUNT_]
let sent = 0
let answered = 0
const statuses = {}
async function ask(client) {
  const number = sent++
  const began = Date.now()
  const address = [10, number >> 16 & 255, number >> 8 & 255, number & 255].join('.')
  const headers = { 'x-forwarded-for': address }
  try {
    const options = { headers, keepalive: client % 2 === 0, signal: AbortSignal.timeout(15000) }
    const answer = await fetch(url + paths[number % paths.length], options)
    await answer.arrayBuffer()
    answered++
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
    if (answer.status !== 200) await Bun.sleep(50)
  } catch (error) {
    console.log(JSON.stringify({ lost: String(error.code ?? error.name), at: began, ms: Date.now() - began }))
    await Bun.sleep(50)
  }
  const ms = Date.now() - began
  if (ms > 1000) console.log(JSON.stringify({ slow: ms, at: began }))
}
async function work(client) {
  for (;;) {
    await ask(client)
    await Bun.sleep(PAUSE_)
  }
}
// a network policy needs a moment to admit a new pod
while (!(await fetch(url + '/health/live').then((answer) => answer.ok, () => false))) {
  await Bun.sleep(100)
}
await Bun.sleep(1000)
for (let client = 0; client < count; client++) work(client)
setInterval(() => console.log(JSON.stringify({ answered, statuses })), 200)
`

export interface LoadResult {
  answered: number
  /** The number of responses by status. */
  statuses: Record<string, number>
  /** The error codes of requests without a response. */
  lost: string[]
  /** The longest response time, if it was over a second. */
  slowestMs: number
}

/**
 * Starts sending requests to the Service of a namespace; `stop` ends the load and returns its
 * result.
 */
export async function startLoad(
  namespace: string,
  {
    clients = 4,
    pauseMs = 20,
    node = '',
  }: { clients?: number; pauseMs?: number; node?: string } = {},
): Promise<{ stop: () => Promise<LoadResult> }> {
  const script = CLIENTS.replace('URL_', JSON.stringify(`http://api.${namespace}`))
    .replace('COUNT_', String(clients))
    .replace('PAUSE_', String(pauseMs))
  const name = `load-${namespace}`
  await kubectl('delete', 'pod', name, '-n', OUTSIDE, '--ignore-not-found', '--now')
  await startPods([scriptPod(name, { namespace: OUTSIDE, script, node })])
  await waitFor('the load', async () => {
    const lines = await kubectl('logs', name, '-n', OUTSIDE, '--tail=1')
    return /"answered":[1-9]/.test(lines) || undefined
  })
  const stop = async () => {
    const logs = await kubectl('logs', name, '-n', OUTSIDE)
    await kubectl('delete', 'pod', name, '-n', OUTSIDE, '--now')
    const entries = logs.split('\n').map((line) => JSON.parse(line))
    const last = entries.findLast((entry) => 'answered' in entry)
    return {
      ...last,
      lost: entries.flatMap(({ lost }) => lost ?? []),
      slowestMs: Math.max(0, ...entries.map(({ slow = 0 }) => slow)),
    }
  }
  return { stop }
}
