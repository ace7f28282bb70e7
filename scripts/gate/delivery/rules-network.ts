import { type Manifest, ofKind, type Pod, podsOf, type Selector, selects } from './manifest.ts'
import type { Rule } from './rule.ts'

interface Peer {
  podSelector?: Selector
  namespaceSelector?: Selector
  ipBlock?: { cidr: string; except?: string[] }
}

interface Opening {
  from?: Peer[]
  to?: Peer[]
  ports?: { port: number | string }[]
}

interface Policy {
  podSelector: Selector
  policyTypes: string[]
  ingress?: Opening[]
  egress?: Opening[]
}

/**
 * The allowed connections, by client, server and port. Pods of other namespaces are
 * `namespace/pod`.
 */
export const EDGES = [
  'every pod → kube-system/kube-dns:53',
  'traefik/* → api:3000',
  'api → postgres:5432',
  'api → redis:6379',
  'api → the world:6379',
  'job → postgres:5432',
  'backup → postgres:5432',
  'api → the world:5432',
  'job → the world:5432',
  'backup → the world:5432',
  'job → the world:443',
  'job → kaggle:8780',
  'job → kaggle:8781',
  'job → s3:7070',
  'blackbox-exporter → api:3000',
  'prometheus → api:9464',
  'monitoring/prometheus → api:9464',
  'prometheus → blackbox-exporter:9115',
  'monitoring/prometheus → blackbox-exporter:9115',
  'grafana → prometheus:9090',
]

/** The label with a pod's role: several services may be an `api`, several jobs a `job`. */
const ROLE = 'app.kubernetes.io/component'

function peerNames({ podSelector, namespaceSelector, ipBlock }: Peer, pods: Pod[]): string[] {
  if (ipBlock) return ['the world']
  if (namespaceSelector) {
    const namespace = namespaceSelector.matchLabels?.['kubernetes.io/metadata.name'] ?? '*'
    const labels = podSelector?.matchLabels ?? {}
    return [`${namespace}/${labels['app.kubernetes.io/name'] ?? labels['k8s-app'] ?? '*'}`]
  }
  return names(podSelector ?? {}, pods)
}

function names(selector: Selector, pods: Pod[]): string[] {
  return [
    ...new Set(
      pods
        .filter(({ labels }) => selects(selector, labels))
        .map(({ labels }) => labels[ROLE] ?? '?'),
    ),
  ]
}

/** The number of a port; a port name is looked up in the named pods. */
function portNumber(port: number | string, owners: string[], pods: Pod[]): string {
  const open = pods
    .filter(({ labels }) => owners.includes(labels[ROLE] ?? ''))
    .flatMap(({ containers }) => containers)
  const named = open.flatMap(({ ports = [] }) => ports).find(({ name }) => name === port)
  return String(named?.containerPort ?? port)
}

/**
 * The connections that the policies of one side (`Ingress`, `Egress`) allow, as `from → to:port`.
 */
export function openings(objects: Manifest[], side: 'Ingress' | 'Egress'): Set<string> {
  const pods = podsOf(objects)
  const edges = ofKind<Policy>(objects, 'NetworkPolicy').flatMap(({ spec }) => {
    const everybody = Object.keys(spec.podSelector).length === 0
    const own = everybody ? ['every pod'] : names(spec.podSelector, pods)
    const entries = (side === 'Ingress' ? spec.ingress : spec.egress) ?? []
    return entries.flatMap(({ from, to, ports }) => {
      const peers = (from ?? to ?? [{ namespaceSelector: {} }]).flatMap((peer) =>
        peerNames(peer, pods),
      )
      const numbers = (ports ?? [{ port: '*' }]).map(({ port }) =>
        portNumber(port, side === 'Ingress' ? own : peers, pods),
      )
      return own.flatMap((pod) =>
        peers.flatMap((peer) =>
          numbers.map((port) =>
            side === 'Ingress' ? `${peer} → ${pod}:${port}` : `${pod} → ${peer}:${port}`,
          ),
        ),
      )
    })
  })
  return new Set(edges)
}

/** A connection inside the namespace needs both policies; one to another namespace needs one. */
function edgeBreaches(objects: Manifest[]): string[] {
  const [ingress, egress] = [openings(objects, 'Ingress'), openings(objects, 'Egress')]
  const unknown = [...ingress, ...egress].filter((edge) => !EDGES.includes(edge))
  const inside = (edge: string) => !/^every pod|[/*]|the world/.test(edge)
  const halves = [
    ...[...ingress].filter((edge) => inside(edge) && !egress.has(edge)),
    ...[...egress].filter((edge) => inside(edge) && !ingress.has(edge)),
  ]
  return [
    ...unknown.map((edge) => `${edge} is no edge`),
    ...halves.map((edge) => `${edge} is open at one end`),
  ]
}

/** Edges between pods of the overlay that no policy allows. */
function missingEdges(objects: Manifest[]): string[] {
  const roles = new Set(podsOf(objects).map(({ labels }) => labels[ROLE] ?? '?'))
  const open = new Set([...openings(objects, 'Ingress'), ...openings(objects, 'Egress')])
  const inside = EDGES.filter((edge) => {
    const [from = '', to = ''] = edge.split(/ → |:/)
    return roles.has(from) && roles.has(to)
  })
  return inside.filter((edge) => !open.has(edge)).map((edge) => `${edge} is shut`)
}

function closed(objects: Manifest[]): string[] {
  const policies = ofKind<Policy>(objects, 'NetworkPolicy')
  const shut = policies.some(
    ({ spec }) =>
      Object.keys(spec.podSelector).length === 0 &&
      !spec.ingress &&
      !spec.egress &&
      spec.policyTypes.includes('Ingress') &&
      spec.policyTypes.includes('Egress'),
  )
  const dns = openings(objects, 'Egress').has('every pod → kube-system/kube-dns:53')
  return [...(shut ? [] : ['nothing denies by default']), ...(dns ? [] : ['nobody may ask DNS'])]
}

export const networkRules: Rule[] = [
  {
    name: 'closed-by-default',
    reason:
      'A pod that somebody adds must be shut until a policy opens it, DNS aside, which everybody needs.',
    check: closed,
  },
  {
    name: 'edges-of-the-architecture',
    reason:
      'The policies admit what the architecture draws, at both ends of each edge, and nothing else.',
    check: (objects) => [...edgeBreaches(objects), ...missingEdges(objects)],
  },
]
