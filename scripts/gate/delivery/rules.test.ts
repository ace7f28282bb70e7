import { describe, expect, test } from 'bun:test'
import { type Build, buildOverlays, noBuilder } from './build.ts'
import { withoutProgram } from './checkers.ts'
import { type Manifest, podsOf } from './manifest.ts'
import { breaches, rules } from './rules.ts'
import { criticalOf } from './score.ts'
import { readVersions } from './versions.ts'

/** The rule name for all critical findings of kube-score. */
const SCORE = 'kube-score'
const missing = noBuilder() ?? withoutProgram('kube-score')
const skipped = missing !== undefined && process.env.CI !== 'true'
const builds: Build[] = skipped ? [] : await buildOverlays()

function copyOf(overlay: string): Manifest[] {
  return structuredClone(builds.find((build) => build.overlay === overlay)?.objects ?? [])
}

function find(objects: Manifest[], kind: string, name: string) {
  const object = objects.find(
    (candidate) =>
      candidate.kind === kind &&
      new RegExp(`^${name}(-[a-z0-9]{10})?$`).test(candidate.metadata.name),
  )
  if (object === undefined) throw new Error(`Cannot plant: there is no ${kind} ${name}`)
  return object as Manifest & { spec: Record<string, unknown> }
}

/** The pod of an object, which a test then breaks, and its first container. */
function pod(objects: Manifest[], name: string) {
  const pod = podsOf(objects).find((candidate) => candidate.name === name)
  const [container] = pod?.spec.containers ?? []
  if (pod === undefined || container === undefined)
    throw new Error(`Cannot plant: there is no pod of ${name}`)
  return { ...pod, container, volumes: pod.spec.volumes ?? [] }
}

function without(objects: Manifest[], kind: string, name: string): void {
  objects.splice(objects.indexOf(find(objects, kind, name)), 1)
}

/** The rules that an overlay breaks; all findings of kube-score count as one. */
async function brokenRules(objects: Manifest[]): Promise<string[]> {
  const own = breaches(objects).map((breach) => breach.split(':')[0] ?? '')
  const text = objects.map((object) => JSON.stringify(object)).join('\n---\n')
  const critical = await criticalOf(text, readVersions().tools.kubernetes ?? '')
  return critical.length > 0 ? [...own, SCORE] : own
}

type Plant = [rule: string, what: string, overlay: string, spoil: (objects: Manifest[]) => void]

const PLANTED: Plant[] = [
  [
    'kube-score',
    'a writable root file system',
    'local',
    (all) => {
      Object.assign(pod(all, 'Deployment api').container.securityContext ?? {}, {
        readOnlyRootFilesystem: false,
      })
    },
  ],
  [
    'restricted-pods',
    'an added capability',
    'production',
    (all) => {
      Object.assign(pod(all, 'CronJob ingest').container.securityContext ?? {}, {
        capabilities: { drop: ['ALL'], add: ['NET_RAW'] },
      })
    },
  ],
  [
    'kube-score',
    'a container that runs as root',
    'dev',
    (all) => Object.assign(pod(all, 'Deployment api').spec.securityContext ?? {}, { runAsUser: 0 }),
  ],
  [
    'restricted-pods',
    'no seccomp profile',
    'dev',
    (all) => void delete pod(all, 'Deployment api').spec.securityContext?.seccompProfile,
  ],
  [
    'restricted-pods',
    "a mount of the node's files",
    'dev',
    (all) => {
      pod(all, 'Deployment api').volumes.push({ name: 'node', hostPath: { path: '/' } } as never)
    },
  ],
  [
    'kube-score',
    'no memory limit',
    'local',
    (all) => void delete pod(all, 'StatefulSet postgres').container.resources?.limits?.memory,
  ],
  [
    'bounded-volumes',
    'a volume without a size limit',
    'dev',
    (all) => {
      pod(all, 'Deployment api').volumes.push({ name: 'more', emptyDir: {} })
    },
  ],
  [
    'probes',
    'no liveness probe',
    'local',
    (all) => void delete pod(all, 'Deployment api').container.livenessProbe,
  ],
  [
    'probes',
    'a probe of an undeclared port',
    'local',
    (all) => {
      pod(all, 'Deployment api').container.readinessProbe = {
        httpGet: { path: '/health/ready', port: 8080 },
      }
    },
  ],
  [
    'kube-score',
    'the same probe for readiness and liveness',
    'local',
    (all) => {
      const { container } = pod(all, 'Deployment api')
      Object.assign(container, { livenessProbe: container.readinessProbe })
    },
  ],
  [
    'pinned-images',
    'the tag latest',
    'production',
    (all) => {
      pod(all, 'Deployment api').container.image = 'ghcr.io/super-zol/super-zol:latest'
    },
  ],
  [
    'kube-score',
    'an image without a tag',
    'local',
    (all) => {
      pod(all, 'StatefulSet postgres').container.image = 'docker.io/library/postgres'
    },
  ],
  [
    'graceful-stop',
    'a grace period shorter than the requests',
    'staging',
    (all) => {
      pod(all, 'Deployment api').spec.terminationGracePeriodSeconds = 12
    },
  ],
  [
    'graceful-stop',
    'no preStop wait',
    'staging',
    (all) => void delete pod(all, 'Deployment api').container.lifecycle,
  ],
  [
    'graceful-stop',
    'one pod fewer during a rolling update',
    'staging',
    (all) => void delete find(all, 'Deployment', 'api').spec.strategy,
  ],
  [
    'bounded-jobs',
    'a job without a deadline',
    'staging',
    (all) => {
      const { jobTemplate } = find(all, 'CronJob', 'ingest').spec as {
        jobTemplate: { spec: Record<string, unknown> }
      }
      delete jobTemplate.spec.activeDeadlineSeconds
    },
  ],
  [
    'bounded-jobs',
    'a schedule without a time zone',
    'staging',
    (all) => void delete find(all, 'CronJob', 'ingest').spec.timeZone,
  ],
  [
    'no-tokens',
    'a mounted service account token',
    'local',
    (all) => void delete pod(all, 'Deployment api').spec.automountServiceAccountToken,
  ],
  [
    'no-tokens',
    'a Role',
    'local',
    (all) => {
      const { metadata } = find(all, 'ServiceAccount', 'api')
      all.push({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata })
    },
  ],
  [
    'labels',
    'a missing cost-center label',
    'local',
    (all) => void delete find(all, 'Service', 'api').metadata.labels?.['cost-center'],
  ],
  [
    'one-namespace',
    'an object in another namespace',
    'local',
    (all) => {
      find(all, 'Service', 'api').metadata.namespace = 'default'
    },
  ],
  [
    'one-namespace',
    'a namespace without labels',
    'local',
    (all) => {
      find(all, 'Namespace', 'super-zol-local').metadata.labels = {}
    },
  ],
  [
    'declared-settings',
    'a setting that the program does not read',
    'local',
    (all) => Object.assign(find(all, 'ConfigMap', 'super-zol').data ?? {}, { POOL: '7' }),
  ],
  [
    'declared-settings',
    'a setting with an invalid value',
    'local',
    (all) => Object.assign(find(all, 'ConfigMap', 'super-zol').data ?? {}, { PORT: 'http' }),
  ],
  [
    'declared-settings',
    'a setting that the job does not read',
    'local',
    (all) => {
      pod(all, 'CronJob ingest').container.env?.push({ name: 'VERBOSE', value: '1' })
    },
  ],
  [
    'fits-the-quota',
    'more replicas than the quota allows',
    'production',
    (all) => Object.assign(find(all, 'HorizontalPodAutoscaler', 'api').spec, { maxReplicas: 100 }),
  ],
  [
    'fits-the-quota',
    'no room for a restored volume',
    'local',
    (all) => {
      const { hard } = find(all, 'ResourceQuota', 'super-zol').spec as { hard: object }
      Object.assign(hard, { 'requests.storage': '100Gi' })
    },
  ],
  [
    'fits-the-quota',
    'a container above the LimitRange',
    'local',
    (all) => {
      Object.assign(pod(all, 'CronJob ingest').container.resources?.limits ?? {}, {
        memory: '64Gi',
      })
    },
  ],
  [
    'kube-score',
    'a Service that selects no pods',
    'local',
    (all) => {
      find(all, 'Service', 'postgres').spec.selector = { 'app.kubernetes.io/name': 'postgresql' }
    },
  ],
  [
    'kube-score',
    'a Deployment that does not select its own pods',
    'local',
    (all) => {
      find(all, 'Deployment', 'api').spec.selector = {
        matchLabels: { 'app.kubernetes.io/name': 'ipa' },
      }
    },
  ],
  [
    'kube-score',
    'a disruption budget that selects no pods',
    'production',
    (all) => {
      find(all, 'PodDisruptionBudget', 'api').spec.selector = { matchLabels: { app: 'api' } }
    },
  ],
  [
    'no-dangling-references',
    'a missing volume claim',
    'local',
    (all) => without(all, 'PersistentVolumeClaim', 'backups'),
  ],
  [
    'no-dangling-references',
    'a missing secret',
    'local',
    (all) => without(all, 'Secret', 'super-zol'),
  ],
  [
    'no-dangling-references',
    'a missing prober',
    'production',
    (all) => without(all, 'Service', 'blackbox-exporter'),
  ],
  [
    'no-dangling-references',
    'a missing service account',
    'local',
    (all) => without(all, 'ServiceAccount', 'ingest'),
  ],
  [
    'no-dangling-references',
    'a missing ConfigMap',
    'local',
    (all) => without(all, 'ConfigMap', 'super-zol'),
  ],
  [
    'no-dangling-references',
    'a mount of a missing volume',
    'local',
    (all) => {
      pod(all, 'Deployment api').container.volumeMounts?.push({ name: 'cache' })
    },
  ],
  [
    'kube-score',
    'an autoscaler without a target',
    'production',
    (all) => {
      Object.assign(find(all, 'HorizontalPodAutoscaler', 'api').spec, {
        scaleTargetRef: { kind: 'Deployment', name: 'server' },
      })
    },
  ],
  [
    'served-routes',
    'a missing port',
    'local',
    (all) => void delete pod(all, 'Deployment api').container.ports,
  ],
  [
    'served-routes',
    'a middleware of another namespace',
    'staging',
    (all) => {
      const { annotations = {} } = find(all, 'Ingress', 'api').metadata
      annotations['traefik.ingress.kubernetes.io/router.middlewares'] =
        'super-zol-dev-rate-limit@kubernetescrd'
    },
  ],
  [
    'served-routes',
    'a missing certificate',
    'staging',
    (all) => {
      find(all, 'Ingress', 'api').spec.tls = [
        { hosts: ['another.example'], secretName: 'super-zol-tls' },
      ]
    },
  ],
  [
    'kube-score',
    'a network policy that selects no pods',
    'local',
    (all) => {
      find(all, 'NetworkPolicy', 'redis').spec.podSelector = { matchLabels: { app: 'redis' } }
    },
  ],
  [
    'closed-by-default',
    'no default-deny policy',
    'local',
    (all) => without(all, 'NetworkPolicy', 'default-deny'),
  ],
  ['closed-by-default', 'no DNS policy', 'local', (all) => without(all, 'NetworkPolicy', 'dns')],
  [
    'edges-of-the-architecture',
    'the API may connect to the internet',
    'local',
    (all) => {
      Object.assign(find(all, 'NetworkPolicy', 'ingest').spec, { podSelector: {} })
    },
  ],
  [
    'edges-of-the-architecture',
    'a policy without a port',
    'local',
    (all) => {
      Object.assign(find(all, 'NetworkPolicy', 'api').spec, { ingress: [{}] })
    },
  ],
  [
    'edges-of-the-architecture',
    'the job may connect to Redis',
    'local',
    (all) => {
      Object.assign(find(all, 'NetworkPolicy', 'to-redis').spec, {
        podSelector: { matchLabels: { 'app.kubernetes.io/component': 'job' } },
      })
    },
  ],
  [
    'edges-of-the-architecture',
    'the ingress may read metrics',
    'production',
    (all) => {
      const { ingress } = find(all, 'NetworkPolicy', 'api').spec as {
        ingress: { ports: { port: string }[] }[]
      }
      ingress[0]?.ports.push({ port: 'metrics' })
    },
  ],
  [
    'edges-of-the-architecture',
    'an edge that only one policy allows',
    'local',
    (all) => without(all, 'NetworkPolicy', 'postgres'),
  ],
  [
    'edges-of-the-architecture',
    'an edge that no policy allows',
    'local',
    (all) => {
      without(all, 'NetworkPolicy', 'postgres')
      without(all, 'NetworkPolicy', 'to-postgres')
    },
  ],
]

describe.skipIf(skipped)('manifest rules', () => {
  test('each rule has a reason in one sentence and a test with a violation', () => {
    for (const { reason } of rules) expect(reason).toMatch(/^[A-Z].{30,}\.$/)
    expect([...new Set(PLANTED.map(([rule]) => rule))].sort()).toEqual(
      [...rules.map(({ name }) => name), SCORE].sort(),
    )
  })

  test.each(PLANTED)(
    'the rule %s reports a violation: %s (in %s)',
    async (rule, _what, overlay, spoil) => {
      const objects = copyOf(overlay)
      expect(breaches(objects)).toEqual([])
      spoil(objects)
      expect(await brokenRules(objects)).toContain(rule)
    },
  )

  test.each(builds.map(({ overlay }) => overlay))(
    'the overlay %s breaks no rule',
    async (overlay) => {
      expect(await brokenRules(copyOf(overlay))).toEqual([])
    },
  )
})
