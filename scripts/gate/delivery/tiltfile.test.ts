import { beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT, runTool } from '../run-tool.ts'
import { readVersions } from './versions.ts'

type Manifest = {
  Name: string
  ImageTargets: { LiveUpdateSpec: { syncs: { localPath: string }[] } }[] | null
}

/** CI may lack this tool, as no package registry has it. */
const tilt = Bun.which('tilt')

if (tilt === null) {
  console.log(
    `not run: the Tiltfile: tilt is not there; https://docs.tilt.dev/install.html has ${readVersions().tools.tilt}`,
  )
}

/** Evaluates the Tiltfile with a Kubernetes context of that name, without a cluster. */
async function evaluate(context: string) {
  const home = mkdtempSync(join(tmpdir(), 'super-zol-tilt-'))
  const kubeconfig = join(home, 'config')
  const server = { name: context, cluster: { server: 'https://127.0.0.1:1' } }
  const kubeContext = { name: context, context: { cluster: context, user: context } }
  const users = [{ name: context, user: {} }]
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context,
    clusters: [server],
    contexts: [kubeContext],
    users,
  }
  writeFileSync(kubeconfig, JSON.stringify(config))
  const variables = {
    HOME: home,
    KUBECONFIG: kubeconfig,
    TILT_DISABLE_ANALYTICS: '1',
    NODE_EXTRA_CA_CERTS: '',
  }
  const result = await runTool([tilt ?? 'tilt', 'alpha', 'tiltfile-result'], {
    cwd: ROOT,
    variables,
  })
  rmSync(home, { recursive: true, force: true })
  return result
}

describe.skipIf(tilt === null)('the Tiltfile', () => {
  let manifests: Manifest[] = []
  beforeAll(async () => {
    const { code, stdout, stderr } = await evaluate('kind-super-zol')
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    manifests = JSON.parse(stdout).Manifests
  })

  test('the Tiltfile has the workloads, the buttons and the smoke test', () => {
    const names = manifests.map(({ Name }) => Name)
    expect(names).toEqual(expect.arrayContaining(['api', 'postgres', 'ingest', 'smoke']))
    expect(names).toEqual(expect.arrayContaining(['run ingest', 'migrate', 'seed', 'test']))
  })

  test('the Tiltfile copies sources into the running container', () => {
    const api = manifests.find(({ Name }) => Name === 'api')
    const copied = api?.ImageTargets?.[0]?.LiveUpdateSpec.syncs.map(({ localPath }) => localPath)
    expect(copied).toEqual(
      expect.arrayContaining(['src', 'modules', 'drizzle', 'package-lock.json']),
    )
  })

  test('the Tiltfile without a context fails with a hint how to create one', async () => {
    const { code, stderr } = await evaluate('')
    expect(code).not.toBe(0)
    expect(stderr).toContain('Cannot develop without a cluster')
  })

  test('the Tiltfile rejects clusters other than kind', async () => {
    const { code, stderr } = await evaluate('production')
    expect(code).not.toBe(0)
    expect(stderr).toContain('Cannot develop on the context "production"')
  })
})
