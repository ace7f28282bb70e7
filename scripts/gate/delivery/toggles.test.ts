import { afterAll, describe, expect, test } from 'bun:test'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../run-tool.ts'
import { build, noBuilder } from './build.ts'
import { type Manifest, ofKind, podsOf } from './manifest.ts'
import { breaches } from './rules.ts'

const skipped = noBuilder() !== undefined && process.env.CI !== 'true'
const folder = mkdtempSync(join(tmpdir(), 'super-zol-toggles-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Builds an overlay with an additional component, placed after another one. */
async function buildWith(
  overlay: string,
  { component, after }: { component: string; after: string },
): Promise<Manifest[]> {
  const copy = join(folder, component)
  cpSync(join(ROOT, 'kustomize'), copy, { recursive: true })
  const path = join(copy, 'overlays', overlay)
  const file = join(path, 'kustomization.yaml')
  const line = `  - ../../components/${after}\n`
  const text = readFileSync(file, 'utf8')
  expect(text).toContain(line)
  writeFileSync(file, text.replace(line, `${line}  - ../../components/${component}\n`))
  return (await build(path)).objects
}

describe.skipIf(skipped)('components that no overlay uses', () => {
  test('with autoscaling-on-requests production scales on CPU and requests', async () => {
    const objects = await buildWith('production', {
      component: 'autoscaling-on-requests',
      after: 'autoscaling',
    })
    const [scaler] = ofKind<{ metrics: { type: string }[]; maxReplicas: number }>(
      objects,
      'HorizontalPodAutoscaler',
    )
    expect(scaler?.spec.metrics.map(({ type }) => type)).toEqual(['Resource', 'Pods'])
    expect(scaler?.spec.maxReplicas).toBe(8)
    expect(breaches(objects)).toEqual([])
  })

  test('with spot the API and the job may run on spot nodes and others', async () => {
    const objects = await buildWith('production', { component: 'spot', after: 'autoscaling' })
    const pods = podsOf(objects).filter(({ name }) => /Deployment api|CronJob ingest/.test(name))
    expect(pods).toHaveLength(2)
    for (const { spec } of pods) {
      const { tolerations, affinity } = spec as { tolerations?: unknown[]; affinity?: object }
      expect(tolerations).toHaveLength(3)
      expect(affinity).toHaveProperty('nodeAffinity')
    }
    // the existing rule about other pods remains
    expect(JSON.stringify(pods.find(({ name }) => name === 'Deployment api'))).toContain(
      'podAntiAffinity',
    )
    expect(breaches(objects)).toEqual([])
  })

  test('with data-volume-shared any node may mount the volume', async () => {
    const objects = await buildWith('production', {
      component: 'data-volume-shared',
      after: 'data-volume',
    })
    const claims = ofKind<{ accessModes: string[] }>(objects, 'PersistentVolumeClaim')
    const data = claims.find(({ metadata }) => metadata.name === 'data')
    expect(data?.spec.accessModes).toEqual(['ReadWriteMany'])
    expect(breaches(objects)).toEqual([])
  })

  test('the overlay local builds with grafana', async () => {
    const objects = await buildWith('local', { component: 'grafana', after: 'observability' })
    expect(ofKind(objects, 'Deployment').map(({ metadata }) => metadata.name)).toContain('grafana')
    expect(breaches(objects)).toEqual([])
  })

  test('staging builds with observability in addition to monitoring', async () => {
    const objects = await buildWith('staging', { component: 'observability', after: 'monitoring' })
    expect(ofKind(objects, 'Deployment').map(({ metadata }) => metadata.name)).toContain(
      'prometheus',
    )
    expect(ofKind(objects, 'ServiceMonitor')).toHaveLength(1)
    expect(breaches(objects)).toEqual([])
  })
})
