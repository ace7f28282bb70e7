/** What an API server says of the overlays, without a node: it accepts them, and refuses what is planted. */
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
/** kubectl replaces the selector of a budget as a whole, each time, by the same one. */
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

/** The namespaces of instances. */
async function instances(): Promise<string[]> {
  const names = await kubectl('get', 'namespaces', '--output=name')
  return names.split('\n').filter((name) => name.includes('super-zol'))
}

test('a dry run names the namespace and the custom resources that are not there', async () => {
  const { code, stderr } = await tryKubectl('apply', '--dry-run=server', '-k', overlay('local'))
  expect(code).toBe(1)
  expect(stderr).toContain('namespaces "super-zol-local" not found')
  expect(stderr).toContain('middlewares.traefik.io')
})

describe('with the custom resources of their makers', () => {
  beforeAll(async () => {
    await kubectl('apply', '--server-side', '-f', join(CHECKERS, 'crds'))
    await kubectl('wait', '--for=condition=Established', 'crd', '--all', '--timeout=30s')
  })

  test.each(OVERLAYS)('%s is accepted; again, nothing changes', async (name) => {
    const began = performance.now()
    const first = await applied(overlay(name))
    expect(changes(first).filter((line) => !line.endsWith(' created'))).toEqual([])
    expect(changes(await applied(overlay(name)))).toEqual([])
    const objects = first.trim().split('\n').length
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    console.log(`${name}: ${objects} objects accepted, applied again unchanged: ${seconds} s`)
  })

  describe('local', () => {
    const inLocal = ['--namespace', 'super-zol-local']

    test('has room for a restored volume, and for no third', async () => {
      const claim = (name: string) => ({
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name },
        spec: {
          accessModes: ['ReadWriteOnce'],
          resources: { requests: { storage: '20Gi' } },
        },
      })
      // the claims of stateful sets are made by their controller
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

    test('refuses a pod of less than the restricted standard', async () => {
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

  describe('what is planted is refused', () => {
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

    test.each(PLANTED)('%s: %s', async (name, fault, spoil) => {
      const builds = await buildOverlays()
      const objects = builds.find(({ overlay: built }) => built === 'production')?.objects ?? []
      const object = objects.find((one) => nameOf(one) === name) as Manifest & { spec: Spec }
      const spoilt = { ...object, spec: { ...object.spec, ...spoil(object.spec) } }
      const { code, stderr } = await applyText(JSON.stringify(spoilt), '--dry-run=server')
      expect(code).toBe(1)
      expect(stderr.toLowerCase()).toContain(fault.toLowerCase())
    })
  })

  test('two instances live side by side; one goes and the other stays whole', async () => {
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

describe('the commands of the documents, from a cluster without a namespace of ours', () => {
  let repository: string
  beforeAll(async () => {
    await Promise.all(OVERLAYS.map((name) => remove(overlay(name))))
    expect(await instances()).toEqual([])
    repository = await copyRepository()
  })

  /** `kubectl diff` ends with 1 where there is a difference. */
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

  test('docs/k8s-testing-strategy.md: what the API server accepts', async () => {
    const commands = commandsUnder('docs/k8s-testing-strategy.md', '### Before a first deployment')
    expect(await runAll(commands)).toContain('deployment.apps/api created (server dry run)')
  })

  test('docs/deploy.md: a first deployment of dev', async () => {
    const commands = commandsUnder('docs/deploy.md', '## In a cluster')
    expect(await runAll(commands)).toContain('deployment.apps/api created')
    expect(await kubectl('get', 'secret', 'super-zol', '-n', 'super-zol-dev', '-o', 'name')).toBe(
      'secret/super-zol',
    )
  })

  test('docs/runbooks/deploy.md: a version of staging, after a first one', async () => {
    await kubectl('create', 'namespace', 'super-zol-staging', '--save-config')
    const commands = commandsUnder('docs/runbooks/deploy.md', '# Deploy a version')
    const offline = commands.filter((command) => !/rollout status|port-forward|curl/.test(command))
    expect(offline.length).toBeGreaterThan(2)
    const output = await runAll(offline.map((command) => command.replaceAll('VERSION', '9.9.9')))
    expect(output).toMatch(/^\+ +image: ghcr\.io\/super-zol\/super-zol:9\.9\.9$/m)
  })

  test('docs/deploy.md: uninstalled, nothing is left', async () => {
    await runAll(['kubectl delete -k kustomize/overlays/dev --timeout=60s'])
    expect(await instances()).not.toContain('namespace/super-zol-dev')
  })
})
