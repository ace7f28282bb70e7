/** What scripts/cluster.sh does with its tools, which are stand-ins here: no cluster runs where no node image can be had. */
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

/** Notes how it was called; `cluster` is there while the file of that name is. */
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
  test('makes the cluster once, with the node image of versions.yaml', async () => {
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

  test('makes one anew that does not answer any more', async () => {
    await cluster('up')
    rmSync(join(home, 'state/well'))
    const again = await cluster('up')
    expect([again.code, again.called('kind delete'), again.called('kind create')]).toEqual([
      0, 1, 1,
    ])
  })

  test('removes nothing unless it is told to', async () => {
    await cluster('up')
    const asked = await cluster('down')
    expect([asked.code, asked.called('kind delete')]).toEqual([1, 0])
    const told = await cluster('down', '--yes')
    expect([told.code, told.called('kind delete'), told.called('docker network rm kind')]).toEqual([
      0, 1, 1,
    ])
  })

  test('says what is unwell', async () => {
    const { code, stdout } = await cluster('doctor')
    expect(code).toBe(1)
    expect(stdout).toContain('unwell   the cluster super-zol is there')
    expect(stdout).toContain('well     a Docker engine answers')
  })

  test('knows what it can do', async () => {
    expect(await cluster('dance')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('up       make it'),
    })
  })
})
