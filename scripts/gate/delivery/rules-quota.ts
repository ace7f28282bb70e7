import { type Manifest, ofKind, podsOf, quantity } from './manifest.ts'
import type { Rule } from './rule.ts'

const RESOURCES = ['cpu', 'memory']

interface Target {
  minReplicas: number
  maxReplicas: number
  scaleTargetRef: { kind: string; name: string }
}

/** The most pods of an object at once: all replicas, and one more during a rolling update. */
function most(owner: Manifest, objects: Manifest[]): number {
  if (owner.kind === 'CronJob') return 1
  const scaled = ofKind<Target>(objects, 'HorizontalPodAutoscaler').find(
    ({ spec }) =>
      spec.scaleTargetRef.kind === owner.kind && spec.scaleTargetRef.name === owner.metadata.name,
  )
  const { replicas = 1, strategy } = (owner.spec ?? {}) as {
    replicas?: number
    strategy?: { type?: string }
  }
  const surge = owner.kind === 'Deployment' && strategy?.type !== 'Recreate' ? 1 : 0
  return (scaled?.spec.maxReplicas ?? replicas) + surge
}

interface Limits {
  limits: { type: string; max?: Record<string, string> }[]
}

/** The resources that a restore from a snapshot adds: a second volume for the largest database. */
function restoredClaim(objects: Manifest[]): Record<string, number> {
  const largest = Math.max(0, ...databaseClaims(objects))
  return largest === 0 ? {} : { persistentvolumeclaims: 1, 'requests.storage': largest }
}

/** The most that an overlay requests, by the names of a ResourceQuota: CPUs, bytes, counts. */
export function mostUsed(objects: Manifest[]): Record<string, number> {
  const used: Record<string, number> = { pods: 0 }
  const add = (name: string, amount: number) => {
    used[name] = (used[name] ?? 0) + amount
  }
  for (const { owner, spec } of podsOf(objects)) {
    const count = most(owner, objects)
    add('pods', count)
    for (const { resources } of spec.containers) {
      for (const side of ['requests', 'limits'] as const)
        for (const resource of RESOURCES)
          add(`${side}.${resource}`, count * quantity(resources?.[side]?.[resource] ?? '0'))
    }
  }
  for (const size of claims(objects)) {
    add('persistentvolumeclaims', 1)
    add('requests.storage', size)
  }
  return used
}

function overRange(objects: Manifest[]): string[] {
  const [ranges] = ofKind<Limits>(objects, 'LimitRange')
  const max = ranges?.spec.limits.find(({ type }) => type === 'Container')?.max ?? {}
  return podsOf(objects).flatMap(({ name, containers }) =>
    containers.flatMap(({ name: container, resources }) =>
      RESOURCES.filter(
        (resource) =>
          max[resource] && quantity(resources?.limits?.[resource] ?? '0') > quantity(max[resource]),
      ).map((resource) => `${resource} of ${container} in ${name}: over the LimitRange`),
    ),
  )
}

function overQuota(objects: Manifest[]): string[] {
  const restored = restoredClaim(objects)
  const used = mostUsed(objects)
  for (const [name, amount] of Object.entries(restored)) used[name] = (used[name] ?? 0) + amount
  const quotas = ofKind<{ hard: Record<string, string> }>(objects, 'ResourceQuota').flatMap(
    ({ spec }) =>
      Object.entries(spec.hard).filter(([name, hard]) => (used[name] ?? 0) > quantity(hard)),
  )
  return [
    ...overRange(objects),
    ...quotas.map(([name, hard]) => `${name}: ${used[name]} may be used, ${hard} are allowed`),
  ]
}

type Claim = { spec: { resources: { requests: { storage: string } } } }

function claims(objects: Manifest[]): number[] {
  const own = ofKind(objects, 'PersistentVolumeClaim') as unknown as Claim[]
  return [...own.map(sizeOf), ...databaseClaims(objects)]
}

/** The claims of the stateful sets, in bytes. */
function databaseClaims(objects: Manifest[]): number[] {
  const sets = ofKind<{ volumeClaimTemplates?: Claim[] }>(objects, 'StatefulSet')
  return sets.flatMap(({ spec }) => (spec.volumeClaimTemplates ?? []).map(sizeOf))
}

function sizeOf({ spec }: Claim): number {
  return quantity(spec.resources.requests.storage)
}

export const quotaRules: Rule[] = [
  {
    name: 'fits-the-quota',
    reason:
      'A quota under what the overlay may ask for stops a rolling update, or a restore, half way.',
    check: overQuota,
  },
]
