/** An API server without nodes accepts the overlays and rejects invalid objects. */
import { beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildOverlays } from '../gate/delivery/build.ts'
import { CHECKERS } from '../gate/delivery/checkers.ts'
import { type Manifest, nameOf } from '../gate/delivery/manifest.ts'
import { ROOT } from '../gate/run-tool.ts'
import { applyText, kubectl, tryKubectl } from './cluster/kubectl.ts'
import { waitFor } from './cluster/processes.ts'
import { commandsUnder, copyRepository, runCommand } from './documents.ts'

setDefaultTimeout(120_000)

const OVERLAYS = ['local', 'dev', 'staging', 'production']
/** kubectl reports this change on every apply, as it always replaces a budget's selector. */
const ALWAYS_SENT = 'poddisruptionbudget.policy/api configured'

/** The lines of `kubectl apply` that report a change. */
function changes(output: string): string[] {
  const lines = output.split('\n').filter((line) => line !== '' && !line.endsWith(' unchanged'))
  return lines.filter((line) => line !== ALWAYS_SENT)
}

function overlay(name: string): string {
  return join(ROOT, 'kustomize/overlays', name)
}

async function applied(folder: string): Promise<string> {
  const { code, stdout, stderr } = await tryKubectl('apply', '-k', folder)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
}

async function remove(folder: string): Promise<void> {
  await kubectl('delete', '-k', folder, '--ignore-not-found', '--wait=true', '--timeout=60s')
}

/** The namespaces of super-zol instances. */
async function instances(): Promise<string[]> {
  const names = await kubectl('get', 'namespaces', '--output=name')
  return names.split('\n').filter((name) => name.includes('super-zol'))
}

test('a dry run names the missing namespace and custom resources', async () => {
  const { code, stderr } = await tryKubectl('apply', '--dry-run=server', '-k', overlay('local'))
  expect(code).toBe(1)
  expect(stderr).toContain('namespaces "super-zol-local" not found')
  expect(stderr).toContain('middlewares.traefik.io')
})

describe('overlays in a cluster with the custom resource definitions', () => {
  beforeAll(async () => {
    await kubectl('apply', '--server-side', '-f', join(CHECKERS, 'crds'))
    await kubectl('wait', '--for=condition=Established', 'crd', '--all', '--timeout=30s')
  })

  test.each(OVERLAYS)(
    'the overlay %s is accepted, and applying it again changes nothing',
    async (name) => {
      const began = performance.now()
      const first = await applied(overlay(name))
      expect(changes(first).filter((line) => !line.endsWith(' created'))).toEqual([])
      expect(changes(await applied(overlay(name)))).toEqual([])
      const objects = first.trim().split('\n').length
      const seconds = ((performance.now() - began) / 1000).toFixed(1)
      console.log(`${name}: ${objects} objects accepted, applied again unchanged: ${seconds} s`)
    },
  )

  describe('local', () => {
    const inLocal = ['--namespace', 'super-zol-local']

    test('the quota of local allows one restored volume but not another', async () => {
      const claim = (name: string) => ({
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name },
        spec: {
          accessModes: ['ReadWriteOnce'],
          resources: { requests: { storage: '20Gi' } },
        },
      })
      // a controller creates the claims of stateful sets
      await waitFor('the claims', async () => {
        const names = await kubectl('get', 'pvc', ...inLocal, '--output=name')
        return names.split('\n').length === 4 || undefined
      })
      const restored = await applyText(JSON.stringify(claim('restored')), ...inLocal)
      expect(restored).toMatchObject({ code: 0 })
      const third = await applyText(JSON.stringify(claim('third')), ...inLocal)
      expect(third.stderr).toContain('exceeded quota: super-zol')
      await kubectl('delete', 'pvc', 'restored', ...inLocal)
    })

    test('the namespace of local rejects a pod below the restricted standard', async () => {
      const pod = (securityContext: object, spec: object = {}) => ({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'planted' },
        spec: {
          securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
          ...spec,
          containers: [{ name: 'planted', image: 'postgres', securityContext }],
        },
      })
      const safe = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } }
      const planted = [
        pod({ ...safe, privileged: true, allowPrivilegeEscalation: true }),
        pod({ ...safe, capabilities: { drop: ['ALL'], add: ['NET_RAW'] } }),
        pod({ allowPrivilegeEscalation: false }),
        pod({ ...safe, runAsUser: 0 }),
        pod(safe, { securityContext: {} }),
        pod(safe, { hostNetwork: true }),
        pod(safe, { volumes: [{ name: 'node', hostPath: { path: '/' } }] }),
      ]
      const options = [...inLocal, '--dry-run=server']
      expect(await applyText(JSON.stringify(pod(safe)), ...options)).toMatchObject({ code: 0 })
      for (const bad of planted) {
        const { code, stderr } = await applyText(JSON.stringify(bad), ...options)
        expect(code).toBe(1)
        expect(stderr).toContain('violates PodSecurity "restricted:latest"')
      }
    })
  })

  describe('invalid objects are rejected', () => {
    type Spec = Record<string, never>
    const PLANTED: [object: string, fault: string, spoil: (spec: Spec) => object][] = [
      ['Deployment api', 'unknown field', () => ({ replica: 2 })],
      [
        'Deployment api',
        '`selector` does not match',
        () => ({ selector: { matchLabels: { a: 'b' } } }),
      ],
      ['Service api', 'ports[0].port', () => ({ ports: [{ name: 'http', port: 0 }] })],
      ['CronJob ingest', 'schedule', () => ({ schedule: 'at night' })],
      ['CronJob ingest', 'timeZone', () => ({ timeZone: 'Asia/Jeruslem' })],
      ['HorizontalPodAutoscaler api', 'maxReplicas', () => ({ minReplicas: 9, maxReplicas: 8 })],
      ['PodDisruptionBudget api', 'minAvailable', () => ({ minAvailable: 1 })],
      [
        'NetworkPolicy ingest',
        'cidr',
        () => ({ egress: [{ to: [{ ipBlock: { cidr: '0/0' } }] }] }),
      ],
      ['Ingress api', 'host', () => ({ rules: [{ host: 'Super Zol' }] })],
      ['ExternalSecret super-zol', 'unknown field', () => ({ dataFrm: [] })],
      ['Probe api', 'spec.interval', () => ({ interval: 'soon' })],
      ['PrometheusRule super-zol', 'spec.groups', () => ({ groups: [{ rules: [] }] })],
      ['ServiceMonitor api', 'spec.endpoints', () => ({ endpoints: 'all' })],
      ['Middleware rate-limit', 'unknown field', () => ({ rateLimits: {} })],
    ]

    test.each(PLANTED)('an invalid %s is rejected: %s', async (name, fault, spoil) => {
      const builds = await buildOverlays()
      const objects = builds.find(({ overlay: built }) => built === 'production')?.objects ?? []
      const object = objects.find((one) => nameOf(one) === name) as Manifest & { spec: Spec }
      const spoilt = { ...object, spec: { ...object.spec, ...spoil(object.spec) } }
      const { code, stderr } = await applyText(JSON.stringify(spoilt), '--dry-run=server')
      expect(code).toBe(1)
      expect(stderr.toLowerCase()).toContain(fault.toLowerCase())
    })
  })

  test('deleting one of two instances leaves the other unchanged', async () => {
    const repository = await copyRepository()
    const [local, second] = ['local', 'second'].map((name) => {
      return join(repository, 'kustomize/overlays', name)
    }) as [string, string]
    cpSync(local, second, { recursive: true })
    for (const file of ['kustomization.yaml', 'ingress.yaml']) {
      const text = readFileSync(join(second, file), 'utf8')
      const renamed = text
        .replaceAll('super-zol-local', 'super-zol-second')
        .replaceAll('super-zol.localhost', 'second.localhost')
      writeFileSync(join(second, file), renamed)
    }
    await applied(second)
    const get = (what: string, path: string) =>
      kubectl('get', what, '-n', 'super-zol-second', `--output=jsonpath=${path}`)
    expect(await get('ingress/api', '{.spec.rules[0].host}')).toBe('second.localhost')
    expect(await get('resourcequota/super-zol', '{.metadata.name}')).toBe('super-zol')
    await remove(second)
    expect(await instances()).not.toContain('namespace/super-zol-second')
    expect(await kubectl('get', 'all,secrets,pvc', '-n', 'super-zol-second', '-o', 'name')).toBe('')
    expect(changes(await applied(local))).toEqual([])
  })
})

describe('commands of the documents in an empty cluster', () => {
  let repository: string
  beforeAll(async () => {
    await Promise.all(OVERLAYS.map((name) => remove(overlay(name))))
    expect(await instances()).toEqual([])
    repository = await copyRepository()
  })

  /** Runs commands in order. `kubectl diff` exits with 1 if there is a difference. */
  async function runAll(commands: string[]): Promise<string> {
    const outputs: string[] = []
    for (const command of commands) {
      const { code, stdout, stderr } = await runCommand(command, repository)
      const accepted = command.includes('kubectl diff') ? [0, 1] : [0]
      if (!accepted.includes(code ?? -1)) throw new Error(`Cannot ${command}: ${stdout}${stderr}`)
      outputs.push(stdout)
    }
    return outputs.join('')
  }

  test('the dry run in docs/k8s-testing-strategy.md succeeds', async () => {
    const commands = commandsUnder('docs/k8s-testing-strategy.md', '### Before a first deployment')
    expect(await runAll(commands)).toContain('deployment.apps/api created (server dry run)')
  })

  test('the commands in docs/deploy.md deploy dev for the first time', async () => {
    const commands = commandsUnder('docs/deploy.md', '## In a cluster')
    expect(await runAll(commands)).toContain('deployment.apps/api created')
    expect(await kubectl('get', 'secret', 'super-zol', '-n', 'super-zol-dev', '-o', 'name')).toBe(
      'secret/super-zol',
    )
  })

  test('the commands in docs/runbooks/deploy.md for a new version of staging succeed', async () => {
    await kubectl('create', 'namespace', 'super-zol-staging', '--save-config')
    const commands = commandsUnder('docs/runbooks/deploy.md', '# Deploy a version')
    const offline = commands.filter((command) => !/rollout status|port-forward|curl/.test(command))
    expect(offline.length).toBeGreaterThan(2)
    const output = await runAll(offline.map((command) => command.replaceAll('VERSION', '9.9.9')))
    expect(output).toMatch(/^\+ +image: ghcr\.io\/super-zol\/super-zol:9\.9\.9$/m)
  })

  test('the uninstall command in docs/deploy.md removes the namespace', async () => {
    await runAll(['kubectl delete -k kustomize/overlays/dev --timeout=60s'])
    expect(await instances()).not.toContain('namespace/super-zol-dev')
  })
})
