import { spawn } from 'node:child_process'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { ROOT } from '../../gate/run-tool.ts'
import { CNI_PLUGINS } from '../programs/debian.ts'
import { copyImageStore } from '../programs/image-store.ts'
import { clusterImage } from '../programs/images.ts'
import { run } from '../programs/run.ts'
import { cgroupOf } from '../sandbox/sandbox.ts'
import { flags, makeKubeconfig, POD_NETWORK, SERVER_ADDRESS } from './control-plane.ts'
import { kubectl } from './kubectl.ts'
import { BIN, logOf, startProcess, WORK, waitFor } from './processes.ts'

const DNS_ADDRESS = '10.96.0.10'
/** A public address whose port 443 represents the internet. */
export const WORLD = '203.0.113.1'

/** A worker node with its own mount and network namespaces, container runtime and kubelet. */
interface Node {
  name: string
  /** Number from 1, which decides the addresses. */
  number: number
  folder: string
  /** The process that keeps the node's namespaces alive. */
  holder: number
}

export function nodeAddress(number: number): string {
  return `10.99.0.${10 + number}`
}

function podNetwork(number: number): string {
  return `10.244.${number}.0/24`
}

/** Starts nodes `node1`, `node2`… without waiting until they are ready. */
export async function startNodes(count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1)
  await writeFile(join(WORK, 'resolv.conf'), '')
  const proxy = await makeKubeconfig('system:kube-proxy')
  for (const number of numbers) {
    const node = await openNode(number)
    await connect(node, numbers)
    await startRuntime(node)
    await startKubelet(node)
    await startNetwork(node, proxy)
  }
}

/** Starts a listener at the address that represents the internet. */
export async function openWorld(): Promise<void> {
  await run(['ip', 'address', 'add', `${WORLD}/32`, 'dev', 'lo'])
  Bun.listen({ hostname: WORLD, port: 443, socket: { data: () => {} } })
}

/** Runs a command inside a node. */
function inside({ holder }: Pick<Node, 'holder'>, command: string[]): string[] {
  return ['nsenter', '-t', String(holder), '-m', '-n', '-u', '--', ...command]
}

async function openNode(number: number): Promise<Node> {
  const name = `node${number}`
  const folder = join(WORK, name)
  await mkdir(folder, { recursive: true })
  const script = join(ROOT, 'scripts/e2e/sandbox/node.sh')
  const child = spawn('unshare', ['--net', '--mount', '--uts', script, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve())
    child.once('exit', (code) => reject(new Error(`Cannot open ${name}: exit ${code}`)))
  })
  return { name, number, folder, holder: child.pid ?? 0 }
}

/**
 * Connects a node to the bridge of the control plane and adds routes to the pods of other nodes.
 */
async function connect(node: Node, numbers: number[]): Promise<void> {
  const { name, number, holder } = node
  const peer = ['type', 'veth', 'peer', 'name', 'eth0', 'netns', String(holder)]
  await run(['ip', 'link', 'add', name, ...peer])
  await run(['ip', 'link', 'set', name, 'master', 'cluster', 'up'])
  const ip = (...args: string[]) => run(inside(node, ['ip', ...args]))
  await ip('address', 'add', `${nodeAddress(number)}/24`, 'dev', 'eth0')
  await ip('link', 'set', 'eth0', 'up')
  await ip('route', 'add', 'default', 'via', SERVER_ADDRESS)
  for (const other of numbers.filter((one) => one !== number)) {
    await ip('route', 'add', podNetwork(other), 'via', nodeAddress(other))
  }
  await run(['ip', 'route', 'add', podNetwork(number), 'via', nodeAddress(number)])
}

async function startRuntime(node: Node): Promise<void> {
  const { name, number, folder } = node
  const cni = join(folder, 'cni')
  await mkdir(cni, { recursive: true })
  // ptp routes all traffic through the node's firewall, which a bridge might bypass
  const ipam = { type: 'host-local', subnet: podNetwork(number), dataDir: join(folder, 'ipam') }
  const routes = [{ dst: '0.0.0.0/0' }]
  const plugin = { type: 'ptp', mtu: 1500, ipMasq: false, ipam: { ...ipam, routes } }
  await writeFile(
    join(cni, '10-pods.conflist'),
    JSON.stringify({ cniVersion: '0.4.0', name: 'pods', plugins: [plugin] }),
  )
  const config = `version = 2
root = "${join(folder, 'containerd')}"
state = "/run/containerd"
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${clusterImage('pause')}"
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${CNI_PLUGINS}"
    conf_dir = "${cni}"
`
  await writeFile(join(folder, 'containerd.toml'), config)
  await copyImageStore(process.env.E2E_IMAGES ?? '', join(folder, 'containerd'))
  startProcess(
    `containerd-${name}`,
    inside(node, ['containerd', '--config', join(folder, 'containerd.toml')]),
  )
  await waitFor(`containerd of ${name}`, async () => {
    return logOf(`containerd-${name}`).includes('Start streaming server') || undefined
  })
  const own = process.env.E2E_OWN_IMAGE ?? ''
  await run(inside(node, ['ctr', '-n', 'k8s.io', 'images', 'import', own]))
}

async function startKubelet(node: Node): Promise<void> {
  const { name, number, folder } = node
  const kubeconfig = await makeKubeconfig(`system:node:${name}`, ['system:nodes'])
  const configuration = {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: nodeAddress(number),
    authentication: {
      x509: { clientCAFile: join(WORK, 'pki/ca.crt') },
      webhook: { enabled: true },
    },
    authorization: { mode: 'Webhook' },
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `${cgroupOf(WORK)}/${name}`,
    clusterDNS: [DNS_ADDRESS],
    clusterDomain: 'cluster.local',
    containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock',
    // no evictions for the machine's disk usage
    evictionHard: { 'memory.available': '50Mi' },
    failCgroupV1: false,
    failSwapOn: false,
    imageGCHighThresholdPercent: 100,
    maxPods: 80,
    oomScoreAdj: 0,
    podLogsDir: join(folder, 'logs'),
    // serves the volume statistics for the alerts
    readOnlyPort: 10255,
    resolvConf: join(WORK, 'resolv.conf'),
    volumeStatsAggPeriod: '5s',
    volumePluginDir: join(folder, 'plugins'),
  }
  for (const controller of [
    'cpu',
    'cpuacct',
    'memory',
    'pids',
    'cpuset',
    'devices',
    'freezer',
    'blkio',
    'systemd',
    '',
  ]) {
    const group = join('/sys/fs/cgroup', controller, cgroupOf(WORK), name)
    await mkdir(group, { recursive: true }).catch(() => {})
  }
  const file = join(folder, 'kubelet.json')
  await writeFile(file, JSON.stringify(configuration))
  const options = flags({
    config: file,
    'hostname-override': name,
    kubeconfig,
    'node-ip': nodeAddress(number),
    'root-dir': join(folder, 'kubelet'),
  })
  startProcess(`kubelet-${name}`, inside(node, [join(BIN, 'kubelet'), ...options]))
  await waitFor(name, async () => (await kubectl('get', 'node', name, '-o', 'name')) || undefined)
}

/** Starts kube-proxy for Services and kube-router for network policies. */
async function startNetwork(node: Node, kubeconfig: string): Promise<void> {
  const { name, number, folder } = node
  const configuration = {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    bindAddress: nodeAddress(number),
    clientConnection: { kubeconfig },
    clusterCIDR: POD_NETWORK,
    conntrack: { maxPerCore: 0, min: 0 },
    hostnameOverride: name,
    mode: 'iptables',
    oomScoreAdj: 0,
  }
  const file = join(folder, 'kube-proxy.json')
  await writeFile(file, JSON.stringify(configuration))
  startProcess(
    `kube-proxy-${name}`,
    inside(node, [join(BIN, 'kube-proxy'), ...flags({ config: file })]),
  )
  const router = flags({
    'run-router': false,
    'run-firewall': true,
    'run-service-proxy': false,
    'health-port': 0,
    'hostname-override': name,
    kubeconfig: join(WORK, 'super-admin.conf'),
    'service-cluster-ip-range': '10.96.0.0/16',
  })
  startProcess(`kube-router-${name}`, inside(node, [join(BIN, 'kube-router'), ...router]))
}

/** A volume of 32 MiB on the first node. It reports its usage as cloud volumes do. */
export const SMALL_VOLUME = 'small'

/** Mounts the small volume. Call it before nodes start, as they see only earlier mounts. */
export async function mountSmallVolume(): Promise<void> {
  const path = join(WORK, 'volumes', SMALL_VOLUME)
  await mkdir(path, { recursive: true })
  await run(['mount', '-t', 'tmpfs', '-o', 'size=32m,mode=777', 'small', path])
}

/** The manifest of the small volume. */
export function smallVolumeManifest(): string {
  const terms = [
    { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['node1'] }] },
  ]
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: SMALL_VOLUME },
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '32Mi' },
      local: { path: join(WORK, 'volumes', SMALL_VOLUME) },
      nodeAffinity: { required: { nodeSelectorTerms: terms } },
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: SMALL_VOLUME,
    },
  })
}

/**
 * Manifests of static volumes without a storage class: folders on the nodes for claims of any size.
 */
export async function volumeManifests(count: number): Promise<string> {
  const volumes = Array.from({ length: count }, (_, index) => index + 1)
  const documents = await Promise.all(
    volumes.map(async (number) => {
      const path = join(WORK, 'volumes', String(number))
      await mkdir(path, { recursive: true })
      await chmod(path, 0o777)
      return JSON.stringify({
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: `volume-${number}` },
        spec: {
          accessModes: ['ReadWriteOnce'],
          capacity: { storage: '40Gi' },
          hostPath: { path, type: 'Directory' },
          persistentVolumeReclaimPolicy: 'Retain',
        },
      })
    }),
  )
  return documents.join('\n---\n')
}
