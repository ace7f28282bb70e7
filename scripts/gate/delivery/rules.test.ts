import { describe, expect, test } from 'bun:test'
import { type Build, buildOverlays, noBuilder } from './build.ts'
import { withoutProgram } from './checkers.ts'
import { type Manifest, podsOf } from './manifest.ts'
import { breaches, rules } from './rules.ts'
import { criticalOf } from './score.ts'
import { readVersions } from './versions.ts'

/** What kube-score calls critical counts as one rule. */
const SCORE = 'kube-score'
const missing = noBuilder() ?? withoutProgram('kube-score')
const skipped = missing !== undefined && process.env.CI !== 'true'
const builds: Build[] = skipped ? [] : await buildOverlays()

function copyOf(overlay: string): Manifest[] {
  return structuredClone(builds.find((build) => build.overlay === overlay)?.objects ?? [])
}

function find(objects: Manifest[], kind: string, name: string) {
  const found = objects.find(
    (one) => one.kind === kind && new RegExp(`^${name}(-[a-z0-9]{10})?$`).test(one.metadata.name),
  )
  if (found === undefined) throw new Error(`Cannot plant: there is no ${kind} ${name}`)
  return found as Manifest & { spec: Record<string, unknown> }
}

/** The pod of an object, to be spoilt: its first container apart. */
function pod(objects: Manifest[], name: string) {
  const found = podsOf(objects).find((one) => one.name === name)
  const [container] = found?.spec.containers ?? []
  if (found === undefined || container === undefined)
    throw new Error(`Cannot plant: there is no pod of ${name}`)
  return { ...found, container, volumes: found.spec.volumes ?? [] }
}

function without(objects: Manifest[], kind: string, name: string): void {
  objects.splice(objects.indexOf(find(objects, kind, name)), 1)
}

/** The rules that an overlay breaks: ours, and those of kube-score as one. */
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
    'a root that can be written',
    'local',
    (all) => {
      Object.assign(pod(all, 'Deployment api').container.securityContext ?? {}, {
        readOnlyRootFilesystem: false,
      })
    },
  ],
  [
    'restricted-pods',
    'a capability',
    'production',
    (all) => {
      Object.assign(pod(all, 'CronJob ingest').container.securityContext ?? {}, {
        capabilities: { drop: ['ALL'], add: ['NET_RAW'] },
      })
    },
  ],
  [
    'kube-score',
    'root',
    'dev',
    (all) => Object.assign(pod(all, 'Deployment api').spec.securityContext ?? {}, { runAsUser: 0 }),
  ],
  [
    'restricted-pods',
    'no seccomp',
    'dev',
    (all) => void delete pod(all, 'Deployment api').spec.securityContext?.seccompProfile,
  ],
  [
    'restricted-pods',
    "the node's files",
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
    'a bottomless volume',
    'dev',
    (all) => {
      pod(all, 'Deployment api').volumes.push({ name: 'more', emptyDir: {} })
    },
  ],
  [
    'probes',
    'no liveness',
    'local',
    (all) => void delete pod(all, 'Deployment api').container.livenessProbe,
  ],
  [
    'probes',
    'another port',
    'local',
    (all) => {
      pod(all, 'Deployment api').container.readinessProbe = {
        httpGet: { path: '/health/ready', port: 8080 },
      }
    },
  ],
  [
    'kube-score',
    'one probe for both',
    'local',
    (all) => {
      const { container } = pod(all, 'Deployment api')
      Object.assign(container, { livenessProbe: container.readinessProbe })
    },
  ],
  [
    'pinned-images',
    'latest',
    'production',
    (all) => {
      pod(all, 'Deployment api').container.image = 'ghcr.io/super-zol/super-zol:latest'
    },
  ],
  [
    'kube-score',
    'no tag',
    'local',
    (all) => {
      pod(all, 'StatefulSet postgres').container.image = 'docker.io/library/postgres'
    },
  ],
  [
    'graceful-stop',
    'killed in the middle',
    'staging',
    (all) => {
      pod(all, 'Deployment api').spec.terminationGracePeriodSeconds = 12
    },
  ],
  [
    'graceful-stop',
    'no wait',
    'staging',
    (all) => void delete pod(all, 'Deployment api').container.lifecycle,
  ],
  [
    'graceful-stop',
    'one less while it rolls',
    'staging',
    (all) => void delete find(all, 'Deployment', 'api').spec.strategy,
  ],
  [
    'bounded-jobs',
    'no deadline',
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
    "the cluster's own time",
    'staging',
    (all) => void delete find(all, 'CronJob', 'ingest').spec.timeZone,
  ],
  [
    'no-tokens',
    'a token',
    'local',
    (all) => void delete pod(all, 'Deployment api').spec.automountServiceAccountToken,
  ],
  [
    'no-tokens',
    'a right',
    'local',
    (all) => {
      const { metadata } = find(all, 'ServiceAccount', 'api')
      all.push({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata })
    },
  ],
  [
    'labels',
    'nobody pays',
    'local',
    (all) => void delete find(all, 'Service', 'api').metadata.labels?.['cost-center'],
  ],
  [
    'one-namespace',
    'somewhere else',
    'local',
    (all) => {
      find(all, 'Service', 'api').metadata.namespace = 'default'
    },
  ],
  [
    'one-namespace',
    'anything goes',
    'local',
    (all) => {
      find(all, 'Namespace', 'super-zol-local').metadata.labels = {}
    },
  ],
  [
    'declared-settings',
    'nobody reads it',
    'local',
    (all) => Object.assign(find(all, 'ConfigMap', 'super-zol').data ?? {}, { POOL: '7' }),
  ],
  [
    'declared-settings',
    'nobody accepts it',
    'local',
    (all) => Object.assign(find(all, 'ConfigMap', 'super-zol').data ?? {}, { PORT: 'http' }),
  ],
  [
    'declared-settings',
    'nobody reads it in the job',
    'local',
    (all) => {
      pod(all, 'CronJob ingest').container.env?.push({ name: 'VERBOSE', value: '1' })
    },
  ],
  [
    'fits-the-quota',
    'more replicas',
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
    'larger than the range',
    'local',
    (all) => {
      Object.assign(pod(all, 'CronJob ingest').container.resources?.limits ?? {}, {
        memory: '64Gi',
      })
    },
  ],
  [
    'kube-score',
    'a Service for nobody',
    'local',
    (all) => {
      find(all, 'Service', 'postgres').spec.selector = { 'app.kubernetes.io/name': 'postgresql' }
    },
  ],
  [
    'kube-score',
    "not one's own pods",
    'local',
    (all) => {
      find(all, 'Deployment', 'api').spec.selector = {
        matchLabels: { 'app.kubernetes.io/name': 'ipa' },
      }
    },
  ],
  [
    'kube-score',
    'a budget for nobody',
    'production',
    (all) => {
      find(all, 'PodDisruptionBudget', 'api').spec.selector = { matchLabels: { app: 'api' } }
    },
  ],
  [
    'no-dangling-references',
    'no such claim',
    'local',
    (all) => without(all, 'PersistentVolumeClaim', 'backups'),
  ],
  [
    'no-dangling-references',
    'no such secret',
    'local',
    (all) => without(all, 'Secret', 'super-zol'),
  ],
  [
    'no-dangling-references',
    'nobody who probes',
    'production',
    (all) => without(all, 'Service', 'blackbox-exporter'),
  ],
  [
    'no-dangling-references',
    'no such account',
    'local',
    (all) => without(all, 'ServiceAccount', 'ingest'),
  ],
  [
    'no-dangling-references',
    'no such settings',
    'local',
    (all) => without(all, 'ConfigMap', 'super-zol'),
  ],
  [
    'no-dangling-references',
    'no such volume',
    'local',
    (all) => {
      pod(all, 'Deployment api').container.volumeMounts?.push({ name: 'cache' })
    },
  ],
  [
    'kube-score',
    'nothing to scale',
    'production',
    (all) => {
      Object.assign(find(all, 'HorizontalPodAutoscaler', 'api').spec, {
        scaleTargetRef: { kind: 'Deployment', name: 'server' },
      })
    },
  ],
  [
    'served-routes',
    'no such port',
    'local',
    (all) => void delete pod(all, 'Deployment api').container.ports,
  ],
  [
    'served-routes',
    "another overlay's middleware",
    'staging',
    (all) => {
      const { annotations = {} } = find(all, 'Ingress', 'api').metadata
      annotations['traefik.ingress.kubernetes.io/router.middlewares'] =
        'super-zol-dev-rate-limit@kubernetescrd'
    },
  ],
  [
    'served-routes',
    'no certificate',
    'staging',
    (all) => {
      find(all, 'Ingress', 'api').spec.tls = [
        { hosts: ['another.example'], secretName: 'super-zol-tls' },
      ]
    },
  ],
  [
    'kube-score',
    'a policy for nobody',
    'local',
    (all) => {
      find(all, 'NetworkPolicy', 'redis').spec.podSelector = { matchLabels: { app: 'redis' } }
    },
  ],
  ['closed-by-default', 'open', 'local', (all) => without(all, 'NetworkPolicy', 'default-deny')],
  ['closed-by-default', 'no DNS', 'local', (all) => without(all, 'NetworkPolicy', 'dns')],
  [
    'edges-of-the-architecture',
    'the API calls the world',
    'local',
    (all) => {
      Object.assign(find(all, 'NetworkPolicy', 'ingest').spec, { podSelector: {} })
    },
  ],
  [
    'edges-of-the-architecture',
    'any port',
    'local',
    (all) => {
      Object.assign(find(all, 'NetworkPolicy', 'api').spec, { ingress: [{}] })
    },
  ],
  [
    'edges-of-the-architecture',
    'the job asks Redis',
    'local',
    (all) => {
      Object.assign(find(all, 'NetworkPolicy', 'to-redis').spec, {
        podSelector: { matchLabels: { 'app.kubernetes.io/component': 'job' } },
      })
    },
  ],
  [
    'edges-of-the-architecture',
    'the ingress reads metrics',
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
    'open at one end',
    'local',
    (all) => without(all, 'NetworkPolicy', 'postgres'),
  ],
  [
    'edges-of-the-architecture',
    'shut',
    'local',
    (all) => {
      without(all, 'NetworkPolicy', 'postgres')
      without(all, 'NetworkPolicy', 'to-postgres')
    },
  ],
]

describe.skipIf(skipped)('the rules of the manifests', () => {
  test('each has its reason, in a sentence, and a violation planted here', () => {
    for (const { reason } of rules) expect(reason).toMatch(/^[A-Z].{30,}\.$/)
    expect([...new Set(PLANTED.map(([rule]) => rule))].sort()).toEqual(
      [...rules.map(({ name }) => name), SCORE].sort(),
    )
  })

  test.each(PLANTED)('%s: %s (in %s)', async (rule, _what, overlay, spoil) => {
    const objects = copyOf(overlay)
    expect(breaches(objects)).toEqual([])
    spoil(objects)
    expect(await brokenRules(objects)).toContain(rule)
  })

  test.each(builds.map(({ overlay }) => overlay))('%s breaks none of them', async (overlay) => {
    expect(await brokenRules(copyOf(overlay))).toEqual([])
  })
})
