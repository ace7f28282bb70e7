import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { readVersions } from '../../gate/delivery/versions.ts'
import { run } from '../programs/run.ts'
import { kubectl } from './kubectl.ts'
import { BIN, startProcess, WORK, waitFor } from './processes.ts'

/** The address of the API server, the first of the nodes' network. */
export const SERVER_ADDRESS = '10.99.0.1'
export const SERVICE_NETWORK = '10.96.0.0/16'
export const POD_NETWORK = '10.244.0.0/16'
const PKI = join(WORK, 'pki')

/** Creates certificates and kubeconfigs with kubeadm, as for any cluster. */
async function makeCredentials(): Promise<void> {
  const configuration = join(WORK, 'kubeadm.yaml')
  const version = (readVersions().modules['kubernetes-module'] ?? '').split('@')[1]
  await writeFile(
    configuration,
    `apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
localAPIEndpoint: {advertiseAddress: ${SERVER_ADDRESS}, bindPort: 6443}
nodeRegistration: {name: control-plane}
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
kubernetesVersion: ${version}
certificatesDir: ${PKI}
encryptionAlgorithm: ECDSA-P256
networking: {serviceSubnet: ${SERVICE_NETWORK}, podSubnet: ${POD_NETWORK}}
`,
  )
  const kubeadm = [join(BIN, 'kubeadm'), 'init', 'phase']
  await run([...kubeadm, 'certs', 'all', '--config', configuration])
  const kubeconfig = [...kubeadm, 'kubeconfig']
  for (const name of ['admin', 'super-admin', 'controller-manager', 'scheduler']) {
    await run([...kubeconfig, name, '--config', configuration, '--kubeconfig-dir', WORK])
  }
}

/** Creates the kubeconfig of a component: its user, and the groups that grant its permissions. */
export async function makeKubeconfig(user: string, groups: string[] = []): Promise<string> {
  const path = join(WORK, `${user.replaceAll(':', '-')}.conf`)
  const kubeadm = [join(BIN, 'kubeadm'), 'kubeconfig', 'user', `--client-name=${user}`]
  const options = [
    '--config',
    join(WORK, 'kubeadm.yaml'),
    ...groups.map((group) => `--org=${group}`),
  ]
  await writeFile(path, await run([...kubeadm, ...options]))
  return path
}

/** Command line flags from names and values. */
export function flags(values: Record<string, string | number | boolean>): string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`)
}

/**
 * Starts etcd, the API server, the controller manager and, for clusters with nodes, the scheduler.
 * `KUBECONFIG` names an administrator's kubeconfig from then on.
 */
export async function startControlPlane({ scheduler = false } = {}): Promise<void> {
  await run(['ip', 'link', 'add', 'cluster', 'type', 'bridge'])
  await run(['ip', 'address', 'add', `${SERVER_ADDRESS}/24`, 'dev', 'cluster'])
  await run(['ip', 'link', 'set', 'cluster', 'up'])
  await mkdir(PKI, { recursive: true })
  await makeCredentials()
  process.env.KUBECONFIG = join(WORK, 'super-admin.conf')
  startProcess('etcd', [
    'etcd',
    '--unsafe-no-fsync',
    ...flags({ 'data-dir': join(WORK, 'etcd'), 'listen-peer-urls': 'http://127.0.0.1:2380' }),
  ])
  startProcess('kube-apiserver', [join(BIN, 'kube-apiserver'), ...flags(apiServerFlags())])
  await waitFor('the API server', async () => (await kubectl('get', '--raw=/readyz')) || undefined)
  // the group in the API server's client certificate for kubelets
  const group = 'kubeadm:cluster-admins'
  const binding = ['create', 'clusterrolebinding', group, `--group=${group}`]
  await kubectl(...binding, '--clusterrole=cluster-admin')
  startProcess('kube-controller-manager', [
    join(BIN, 'kube-controller-manager'),
    ...flags(controllerManagerFlags()),
  ])
  if (scheduler) {
    const kubeconfig = join(WORK, 'scheduler.conf')
    startProcess('kube-scheduler', [join(BIN, 'kube-scheduler'), ...flags({ kubeconfig })])
  }
  // a namespace needs its service account before pods can be created
  await waitFor('service accounts', async () => {
    return (await kubectl('get', 'serviceaccount', 'default', '--output=name')) || undefined
  })
}

function apiServerFlags() {
  return {
    'advertise-address': SERVER_ADDRESS,
    'allow-privileged': true,
    'authorization-mode': 'Node,RBAC',
    'client-ca-file': join(PKI, 'ca.crt'),
    'enable-admission-plugins': 'NodeRestriction',
    // connects to aggregated servers at their pods: the API server has no kube-proxy
    'enable-aggregator-routing': true,
    'etcd-servers': 'http://127.0.0.1:2379',
    'kubelet-client-certificate': join(PKI, 'apiserver-kubelet-client.crt'),
    'kubelet-client-key': join(PKI, 'apiserver-kubelet-client.key'),
    'kubelet-preferred-address-types': 'InternalIP',
    'proxy-client-cert-file': join(PKI, 'front-proxy-client.crt'),
    'proxy-client-key-file': join(PKI, 'front-proxy-client.key'),
    'requestheader-allowed-names': 'front-proxy-client',
    'requestheader-client-ca-file': join(PKI, 'front-proxy-ca.crt'),
    'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
    'requestheader-group-headers': 'X-Remote-Group',
    'requestheader-username-headers': 'X-Remote-User',
    'secure-port': 6443,
    'service-account-issuer': 'https://kubernetes.default.svc.cluster.local',
    'service-account-key-file': join(PKI, 'sa.pub'),
    'service-account-signing-key-file': join(PKI, 'sa.key'),
    'service-cluster-ip-range': SERVICE_NETWORK,
    'tls-cert-file': join(PKI, 'apiserver.crt'),
    'tls-private-key-file': join(PKI, 'apiserver.key'),
  }
}

function controllerManagerFlags() {
  const kubeconfig = join(WORK, 'controller-manager.conf')
  return {
    kubeconfig,
    'authentication-kubeconfig': kubeconfig,
    'authorization-kubeconfig': kubeconfig,
    'client-ca-file': join(PKI, 'ca.crt'),
    'cluster-signing-cert-file': join(PKI, 'ca.crt'),
    'cluster-signing-key-file': join(PKI, 'ca.key'),
    'leader-elect': false,
    'root-ca-file': join(PKI, 'ca.crt'),
    'service-account-private-key-file': join(PKI, 'sa.key'),
    'use-service-account-credentials': true,
    // short, because the autoscaler tests wait for it
    'horizontal-pod-autoscaler-sync-period': '5s',
  }
}
