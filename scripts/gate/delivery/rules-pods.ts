import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../run-tool.ts'
import { type Container, type Manifest, ofKind, type Pod, podsOf } from './manifest.ts'
import type { Rule } from './rule.ts'

const { version }: { version: string } = JSON.parse(
  readFileSync(join(ROOT, 'package.json'), 'utf8'),
)
/** How long src/commands/serve.ts waits for requests in flight. */
const GRACE_SECONDS = 10

/** The containers that run our image. */
export function ownContainers(objects: Manifest[]): Container[] {
  return podsOf(objects).flatMap(({ containers }) => containers.filter(({ image }) => isOwn(image)))
}

function isOwn(image: string): boolean {
  return /(^|\/)super-zol[:@]/.test(image)
}

function unsafe({ spec, containers }: Pod): string[] {
  const pod = spec.securityContext ?? {}
  const seccomp = pod.seccompProfile as { type?: string } | undefined
  const wrong = [
    pod.runAsNonRoot === true ? '' : 'runAsNonRoot',
    seccomp?.type === 'RuntimeDefault' ? '' : 'seccompProfile',
    ...['hostNetwork', 'hostPID', 'hostIPC'].map((name) => (name in spec ? name : '')),
    ...(spec.volumes ?? []).map((volume) =>
      'hostPath' in volume ? `hostPath of ${volume.name}` : '',
    ),
  ]
  const inside = containers.flatMap(({ name, securityContext: own = {} }) => {
    const { drop = [], add = [] } = (own.capabilities ?? {}) as { drop?: string[]; add?: string[] }
    return [
      own.allowPrivilegeEscalation === false ? '' : `allowPrivilegeEscalation of ${name}`,
      drop.includes('ALL') && add.length === 0 ? '' : `capabilities of ${name}`,
    ]
  })
  return [...wrong, ...inside].filter((breach) => breach !== '')
}

function bottomless({ spec }: Pod): string[] {
  return (spec.volumes ?? [])
    .filter(({ emptyDir }) => emptyDir && !emptyDir.sizeLimit)
    .map(({ name }) => `sizeLimit of the volume ${name}`)
}

function badProbes({ containers }: Pod): string[] {
  return containers
    .filter(({ ports }) => ports !== undefined)
    .flatMap(({ name, ports = [], startupProbe, readinessProbe, livenessProbe, image }) => {
      const portNames = ports.flatMap((port) => [port.name, port.containerPort])
      const probes = [startupProbe, readinessProbe, livenessProbe]
      const wrongProbes = probes.filter(
        (probe) => probe?.httpGet && !portNames.includes(probe.httpGet.port),
      )
      return [
        ...(readinessProbe && livenessProbe && (startupProbe || !isOwn(image))
          ? []
          : [`a probe of ${name} is missing`]),
        ...wrongProbes.map(
          (probe) => `${name} is probed at ${probe?.httpGet?.port}, where it does not listen`,
        ),
      ]
    })
}

function badImages({ containers }: Pod): string[] {
  return containers.flatMap(({ image }) => {
    const tag = /^(?:[\w.-]+\.[a-z]+\/)?[\w./-]+?(?::([\w.-]+))?(@sha256:[0-9a-f]{64})?$/.exec(
      image,
    )
    if (isOwn(image)) return tag?.[1] === version || tag?.[1] === `${version}-local` ? [] : [image]
    return tag?.[2] ||
      (tag?.[1] && /\d+\.\d+|RELEASE/.test(tag[1]) && /^[\w.-]+\.[a-z]+\//.test(image))
      ? []
      : [image]
  })
}

function hasty({ owner, labels, spec }: Pod): string[] {
  if (owner.kind !== 'Deployment' || labels['app.kubernetes.io/component'] !== 'api') return []
  const { strategy } = owner.spec as { strategy?: { rollingUpdate?: { maxUnavailable?: number } } }
  const { terminationGracePeriodSeconds = 30 } = spec
  const sleeps = spec.containers.map(({ lifecycle }) => lifecycle?.preStop?.sleep?.seconds ?? 0)
  return [
    ...(strategy?.rollingUpdate?.maxUnavailable === 0 ? [] : ['maxUnavailable is not 0']),
    ...(Math.min(...sleeps) >= 5 ? [] : ['preStop does not wait for the load balancer']),
    ...(terminationGracePeriodSeconds >= Math.max(...sleeps) + GRACE_SECONDS + 5
      ? []
      : ['killed before it is done']),
  ]
}

function unbounded({
  metadata,
  spec,
}: {
  metadata: { name: string }
  spec: Record<string, unknown>
}): string[] {
  const job = (spec.jobTemplate as { spec: Record<string, unknown> }).spec
  const wanted = [
    'timeZone',
    'startingDeadlineSeconds',
    'successfulJobsHistoryLimit',
    'failedJobsHistoryLimit',
  ]
  const ofJob = ['backoffLimit', 'activeDeadlineSeconds', 'ttlSecondsAfterFinished']
  return [
    ...(spec.concurrencyPolicy === 'Forbid' ? [] : ['concurrencyPolicy']),
    ...wanted.filter((name) => spec[name] === undefined),
    ...ofJob.filter((name) => job[name] === undefined),
  ].map((name) => `${name} of ${metadata.name}`)
}

function each(check: (pod: Pod) => string[]): Rule['check'] {
  return (objects) =>
    podsOf(objects).flatMap((pod) => check(pod).map((what) => `${pod.name}: ${what}`))
}

export const podRules: Rule[] = [
  {
    name: 'restricted-pods',
    reason:
      'Whoever breaks into a process must find no root, no capability and nothing of the node.',
    check: each(unsafe),
  },
  {
    name: 'bounded-volumes',
    reason: 'A scratch volume without a limit can take the disk of the node from all the others.',
    check: each(bottomless),
  },
  {
    name: 'probes',
    reason:
      'A pod that nobody probes gets requests that it cannot answer, and is never started again.',
    check: each(badProbes),
  },
  {
    name: 'pinned-images',
    reason:
      'What was tested must be what runs: a registry, a version (our own: that of package.json), never a moving tag.',
    check: each(badImages),
  },
  {
    name: 'graceful-stop',
    reason:
      'A load balancer sends requests for seconds after a pod was told to stop; none of them may be lost.',
    check: each(hasty),
  },
  {
    name: 'bounded-jobs',
    reason: 'A job that hangs, piles up or stays for ever is found by its bill.',
    check: (objects) => ofKind(objects, 'CronJob').flatMap(unbounded),
  },
]
