/**
 * Tests scripts/cluster.sh with stand-ins for its tools: CI may not be able to pull a node image.
 */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { ROOT, runTool } from '../run-tool.ts'

/** A stand-in that records its calls. The cluster exists while a file of that name exists. */
const STAND_IN = `#!/bin/sh
state=$(dirname "$0")/../state
echo "$(basename "$0") $*" >> "$state/calls"
case "$(basename "$0") $*" in
  'kind get clusters') [ ! -e "$state/cluster" ] || echo super-zol ;;
  'kind get nodes'*) echo super-zol-control-plane ;;
  'kind create cluster'*) touch "$state/cluster" "$state/well" ;;
  'kind delete cluster'*) rm -f "$state/cluster" "$state/well" ;;
  *'get --raw=/readyz') [ -e "$state/well" ] ;;
  'docker ps --quiet --filter name'*) [ ! -e "$state/cluster" ] || echo 1234 ;;
esac
`

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'super-zol-cluster-'))
  for (const folder of ['bin', 'state']) mkdirSync(join(home, folder))
  for (const tool of ['docker', 'kubectl', 'kind']) {
    writeFileSync(join(home, 'bin', tool), STAND_IN)
    chmodSync(join(home, 'bin', tool), 0o755)
  }
})

afterEach(() => rmSync(home, { recursive: true, force: true }))

async function cluster(...args: string[]) {
  const variables = {
    PATH: `${join(home, 'bin')}:${process.env.PATH}`,
    DOCKER: 'docker',
    CLUSTER: '',
  }
  const result = await runTool(['bash', 'scripts/cluster.sh', ...args], { cwd: ROOT, variables })
  const file = join(home, 'state/calls')
  const calls = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  rmSync(file, { force: true })
  return {
    ...result,
    calls,
    called: (start: string) => calls.filter((call) => call.startsWith(start)).length,
  }
}

describe.skipIf(process.platform === 'win32')('scripts/cluster.sh', () => {
  test('cluster.sh up creates the cluster once, with the node image of versions.yaml', async () => {
    const first = await cluster('up')
    expect({ code: first.code, stderr: first.stderr }).toEqual({ code: 0, stderr: '' })
    expect(first.calls.find((call) => call.startsWith('kind create cluster'))).toMatch(
      /--image \S+@sha256:[0-9a-f]{64} /,
    )
    expect(
      first.called('kubectl --context kind-super-zol apply --kustomize kustomize/cluster/traefik'),
    ).toBe(1)
    const again = await cluster('up')
    expect([again.code, again.called('kind create'), again.called('docker run')]).toEqual([0, 0, 0])
  })

  test('cluster.sh up recreates a cluster that no longer answers', async () => {
    await cluster('up')
    rmSync(join(home, 'state/well'))
    const again = await cluster('up')
    expect([again.code, again.called('kind delete'), again.called('kind create')]).toEqual([
      0, 1, 1,
    ])
  })

  test('cluster.sh down removes the cluster only with --yes', async () => {
    await cluster('up')
    const unconfirmed = await cluster('down')
    expect([unconfirmed.code, unconfirmed.called('kind delete')]).toEqual([1, 0])
    const confirmed = await cluster('down', '--yes')
    expect([
      confirmed.code,
      confirmed.called('kind delete'),
      confirmed.called('docker network rm kind'),
    ]).toEqual([0, 1, 1])
  })

  test('cluster.sh doctor lists what is unwell', async () => {
    const { code, stdout } = await cluster('doctor')
    expect(code).toBe(1)
    expect(stdout).toContain('unwell   the cluster super-zol is there')
    expect(stdout).toContain('well     a Docker engine answers')
  })

  test('an unknown command of cluster.sh prints the usage', async () => {
    expect(await cluster('dance')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('up       make it'),
    })
  })
})
