import { envExample, readEnv } from '../../../src/env.ts'
import { type Manifest, nameOf, ofKind, podsOf, quantity, type Selector, selects } from './manifest.ts'
import type { Rule } from './rule.ts'
import { ownContainers } from './rules-pods.ts'

const LABELS = ['app.kubernetes.io/part-of', 'cost-center', 'environment']
const DECLARED = new Set([...envExample().matchAll(/^# ([A-Z_]+)=/gm)].map(([, name]) => name))
/** Read by Bun itself. */
const OF_THE_RUNTIME = ['NODE_EXTRA_CA_CERTS']

function tokens(objects: Manifest[]): string[] {
  const accounts = ofKind(objects, 'ServiceAccount').filter((one) => one.automountServiceAccountToken !== false)
  const pods = podsOf(objects).filter(
    ({ spec }) => spec.automountServiceAccountToken !== false || !spec.serviceAccountName,
  )
  const rights = ofKind(objects, 'Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding')
  return [...accounts.map(nameOf), ...pods.map(({ name }) => name), ...rights.map(nameOf)]
}

function unlabelled(objects: Manifest[]): string[] {
  const named = [
    ...objects.map((object) => ({ name: nameOf(object), labels: object.metadata.labels ?? {} })),
    ...podsOf(objects).map(({ name, labels }) => ({ name: `pods of ${name}`, labels })),
  ]
  return named.flatMap(({ name, labels }) =>
    LABELS.filter((label) => !labels[label]).map((label) => `${name}: ${label}`),
  )
}

function namespaces(objects: Manifest[]): string[] {
  const [namespace, ...more] = ofKind(objects, 'Namespace')
  if (namespace === undefined || more.length > 0) return ['there must be one Namespace']
  const { name, labels = {} } = namespace.metadata
  const loose =
    labels['pod-security.kubernetes.io/enforce'] === 'restricted' ? [] : [`${name} does not enforce restricted`]
  const outside = objects.filter(({ kind, metadata }) => kind !== 'Namespace' && metadata.namespace !== name)
  return [...loose, ...outside.map(nameOf)]
}

function settings(objects: Manifest[]): string[] {
  const maps = objects.filter(({ kind, metadata }) => kind === 'ConfigMap' && /^super-zol-/.test(metadata.name))
  const given = Object.assign({}, ...maps.map(({ data }) => data))
  const named = ownContainers(objects).flatMap(({ env = [] }) => env.map(({ name }) => name))
  const undeclared = [...new Set([...Object.keys(given), ...named])].filter(
    (name) => !DECLARED.has(name) && !OF_THE_RUNTIME.includes(name),
  )
  try {
    readEnv(given)
    return undeclared
  } catch (error) {
    return [...undeclared, String(error)]
  }
}

interface Target {
  minReplicas: number
  maxReplicas: number
  scaleTargetRef: { kind: string; name: string }
}

/** How many pods of an object there may be at once: all replicas and the one more of a rolling update. */
function most(owner: Manifest, objects: Manifest[]): number {
  if (owner.kind === 'CronJob') return 1
  const scaled = ofKind<Target>(objects, 'HorizontalPodAutoscaler').find(
    ({ spec }) => spec.scaleTargetRef.kind === owner.kind && spec.scaleTargetRef.name === owner.metadata.name,
  )
  const { replicas = 1, strategy } = (owner.spec ?? {}) as { replicas?: number; strategy?: { type?: string } }
  const surge = owner.kind === 'Deployment' && strategy?.type !== 'Recreate' ? 1 : 0
  return (scaled?.spec.maxReplicas ?? replicas) + surge
}

interface Limits {
  limits: { type: string; max?: Record<string, string> }[]
}

function overQuota(objects: Manifest[]): string[] {
  const used: Record<string, number> = { pods: 0 }
  const add = (name: string, amount: number) => {
    used[name] = (used[name] ?? 0) + amount
  }
  const [ranges] = ofKind<Limits>(objects, 'LimitRange')
  const max = ranges?.spec.limits.find(({ type }) => type === 'Container')?.max ?? {}
  const large: string[] = []
  for (const { owner, spec, name } of podsOf(objects)) {
    const count = most(owner, objects)
    add('pods', count)
    for (const { resources, name: container } of spec.containers) {
      for (const side of ['requests', 'limits'] as const) {
        for (const one of ['cpu', 'memory']) {
          const amount = quantity(resources?.[side]?.[one] ?? '0')
          add(`${side}.${one}`, count * amount)
          if (max[one] && amount > quantity(max[one]))
            large.push(`${one} of ${container} in ${name}: over the LimitRange`)
        }
      }
    }
  }
  for (const size of claims(objects)) {
    add('persistentvolumeclaims', 1)
    add('requests.storage', size)
  }
  const quotas = ofKind<{ hard: Record<string, string> }>(objects, 'ResourceQuota').flatMap(({ spec }) =>
    Object.entries(spec.hard).filter(([name, hard]) => (used[name] ?? 0) > quantity(hard)),
  )
  return [...large, ...quotas.map(([name, hard]) => `${name}: ${used[name]} may be used, ${hard} are allowed`)]
}

type Claim = { spec: { resources: { requests: { storage: string } } } }

function claims(objects: Manifest[]): number[] {
  const own = ofKind(objects, 'PersistentVolumeClaim') as unknown as Claim[]
  const ofSets = ofKind<{ volumeClaimTemplates?: Claim[] }>(objects, 'StatefulSet')
  const all = [...own, ...ofSets.flatMap(({ spec }) => spec.volumeClaimTemplates ?? [])]
  return all.map(({ spec }) => quantity(spec.resources.requests.storage))
}

function selectors(objects: Manifest[]): string[] {
  const pods = podsOf(objects)
  const own = pods.filter(({ owner, labels }) => {
    const { selector } = (owner.spec ?? {}) as { selector?: Selector }
    return selector && !selects(selector, labels)
  })
  const lost = objects.filter((object) => {
    const { selector, podSelector } = (object.spec ?? {}) as { selector?: Selector; podSelector?: Selector }
    if (object.kind === 'Service') return !hits({ matchLabels: selector as Record<string, string> })
    if (object.kind === 'PodDisruptionBudget') return !hits(selector ?? {})
    return object.kind === 'NetworkPolicy' && !hits(podSelector ?? {})
  })
  function hits(selector: Selector): boolean {
    return pods.some(({ labels }) => selects(selector, labels))
  }
  return [
    ...own.map(({ name }) => `${name} does not select its own pods`),
    ...lost.map((one) => `${nameOf(one)} selects no pod`),
  ]
}

export const objectRules: Rule[] = [
  {
    name: 'no-tokens',
    reason: 'Nothing here talks to Kubernetes, so nothing here holds a token or a right to do so.',
    check: tokens,
  },
  {
    name: 'labels',
    reason: 'Costs and dashboards are told apart by labels; what has none is paid by nobody and seen by nobody.',
    check: unlabelled,
  },
  {
    name: 'one-namespace',
    reason: 'An instance is a namespace: many of them share a cluster, and deleting it deletes all of it.',
    check: namespaces,
  },
  {
    name: 'declared-settings',
    reason: 'What src/env.ts does not declare is read by nobody, and a value that it refuses stops the start.',
    check: settings,
  },
  {
    name: 'fits-the-quota',
    reason: 'A quota under what the overlay itself may ask for stops a rolling update half way.',
    check: overQuota,
  },
  {
    name: 'matching-selectors',
    reason:
      'A selector that hits nothing is no error to Kubernetes: a Service without endpoints, a budget that guards nobody.',
    check: selectors,
  },
]
