/** What an API server says of the overlays, without a node: it accepts them, and refuses what is planted. */
import { beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { CHECKERS } from '../gate/delivery/checkers.ts'
import { ROOT } from '../gate/run-tool.ts'
import { kubectl, tryKubectl } from './cluster/kubectl.ts'

setDefaultTimeout(120_000)

const OVERLAYS = ['local', 'dev', 'staging', 'production']

/** The lines of `kubectl apply` that report a change. */
function changes(output: string): string[] {
  return output.split('\n').filter((line) => line !== '' && !line.endsWith(' unchanged'))
}

function overlay(name: string): string {
  return join(ROOT, 'kustomize/overlays', name)
}

test('an overlay whose custom resources are not installed is refused by their names', async () => {
  const { code, stderr } = await tryKubectl('apply', '--dry-run=server', '-k', overlay('local'))
  expect(code).toBe(1)
  expect(stderr).toContain('no matches for kind "Middleware"')
})

describe('with the custom resources of their makers', () => {
  beforeAll(async () => {
    await kubectl('apply', '--server-side', '-f', join(CHECKERS, 'crds'))
    await kubectl('wait', '--for=condition=Established', 'crd', '--all', '--timeout=30s')
  })

  test.each(OVERLAYS)('%s is accepted, and a second apply changes nothing', async (name) => {
    const began = performance.now()
    const first = await tryKubectl('apply', '-k', overlay(name))
    expect({ code: first.code, stderr: first.stderr }).toEqual({ code: 0, stderr: '' })
    expect(changes(first.stdout).every((line) => line.endsWith(' created'))).toBe(true)
    const second = await tryKubectl('apply', '-k', overlay(name))
    expect(changes(second.stdout)).toEqual([])
    const objects = first.stdout.trim().split('\n').length
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    console.log(`${name}: ${objects} objects accepted, applied again unchanged: ${seconds} s`)
  })
})
