import { describe, expect, test } from 'bun:test'
import { withoutFolder } from './checkers.ts'
import type { Manifest } from './manifest.ts'
import { readSchemas, SCHEMAS } from './schemas.ts'
import { readVersions } from './versions.ts'

const skipped =
  (withoutFolder(SCHEMAS) ?? withoutFolder('crds')) !== undefined && process.env.CI !== 'true'

const SERVICE: Manifest = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'api' },
  spec: { selector: { app: 'api' }, ports: [{ port: 80 }] },
}
const PROBE: Manifest = {
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'Probe',
  metadata: { name: 'api' },
  spec: { prober: { url: 'prober:9115' }, targets: { staticConfig: { static: ['http://api'] } } },
}

function planted(object: Manifest, spec: Record<string, unknown>): Manifest {
  return { ...object, spec: { ...object.spec, ...spec } }
}

describe.skipIf(skipped)('Kubernetes schemas', () => {
  const { kubernetes = '', 'kubernetes-oldest': oldest = '' } = readVersions().tools

  test.each([kubernetes, oldest])(
    'the schemas of Kubernetes %s accept valid objects',
    (version) => {
      const { validate } = readSchemas(version)
      expect([SERVICE, PROBE].flatMap(validate)).toEqual([])
    },
  )

  test('the schemas reject invalid objects', () => {
    const { validate } = readSchemas(kubernetes)
    expect(validate(planted(SERVICE, { port: 80 }))).toHaveLength(1)
    expect(validate(planted(SERVICE, { ports: [{ port: 'eighty' }] }))).not.toEqual([])
    expect(validate(planted(SERVICE, { selector: ['api'] }))).not.toEqual([])
    expect(validate(planted(PROBE, { targetz: {} }))).toHaveLength(1)
    expect(validate(planted(PROBE, { interval: 15 }))).not.toEqual([])
    expect(() => validate({ ...SERVICE, apiVersion: 'v3' })).toThrow()
  })
})
