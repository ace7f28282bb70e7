import { type Manifest, ofKind, podsOf, quantity } from './manifest.ts'
import type { Rule } from './rule.ts'

const RESOURCES = ['cpu', 'memory']

interface Target {
  minReplicas: number
  maxReplicas: number
  scaleTargetRef: { kind: string; name: string }
}

/** How many pods of an object there may be at once: all replicas and the one more of a rolling update. */
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

/** What an overlay asks for at most, under the names of a ResourceQuota: CPUs, bytes, numbers. */
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
        for (const one of RESOURCES)
          add(`${side}.${one}`, count * quantity(resources?.[side]?.[one] ?? '0'))
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
        (one) => max[one] && quantity(resources?.limits?.[one] ?? '0') > quantity(max[one]),
      ).map((one) => `${one} of ${container} in ${name}: over the LimitRange`),
    ),
  )
}

function overQuota(objects: Manifest[]): string[] {
  const used = mostUsed(objects)
  const quotas = ofKind<{ hard: Record<string, string> }>(objects, 'ResourceQuota').flatMap(
    ({ spec }) =>
      Object.entries(spec.hard).filter(([name, hard]) => (used[name] ?? 0) > quantity(hard)),
  )
  return [
    ...overRange(objects),
    ...quotas.map(([name, hard]) => `${name}: ${used[name]} may be used, ${hard} are allowed`),
  ]
}

type OfferState = { spec: { resources: { requests: { storage: string } } } }

function claims(objects: Manifest[]): number[] {
  const own = ofKind(objects, 'PersistentVolumeClaim') as unknown as OfferState[]
  const ofSets = ofKind<{ volumeClaimTemplates?: OfferState[] }>(objects, 'StatefulSet')
  const all = [...own, ...ofSets.flatMap(({ spec }) => spec.volumeClaimTemplates ?? [])]
  return all.map(({ spec }) => quantity(spec.resources.requests.storage))
}

export const quotaRules: Rule[] = [
  {
    name: 'fits-the-quota',
    reason: 'A quota under what the overlay itself may ask for stops a rolling update half way.',
    check: overQuota,
  },
]
