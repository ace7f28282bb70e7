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

/** An overlay with one component more, after another of its list. */
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

describe.skipIf(skipped)('a component that no overlay has', () => {
  test('autoscaling on requests: production looks at both figures', async () => {
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

  test('spot: the API and the job go to spot nodes, and to others', async () => {
    const objects = await buildWith('production', { component: 'spot', after: 'autoscaling' })
    const pods = podsOf(objects).filter(({ name }) => /Deployment api|CronJob ingest/.test(name))
    expect(pods).toHaveLength(2)
    for (const { spec } of pods) {
      const { tolerations, affinity } = spec as { tolerations?: unknown[]; affinity?: object }
      expect(tolerations).toHaveLength(3)
      expect(affinity).toHaveProperty('nodeAffinity')
    }
    // what was said of other pods stays
    expect(JSON.stringify(pods.find(({ name }) => name === 'Deployment api'))).toContain(
      'podAntiAffinity',
    )
    expect(breaches(objects)).toEqual([])
  })

  test('a shared data volume: any node may mount it', async () => {
    const objects = await buildWith('production', {
      component: 'data-volume-shared',
      after: 'data-volume',
    })
    const claims = ofKind<{ accessModes: string[] }>(objects, 'PersistentVolumeClaim')
    const data = claims.find(({ metadata }) => metadata.name === 'data')
    expect(data?.spec.accessModes).toEqual(['ReadWriteMany'])
    expect(breaches(objects)).toEqual([])
  })

  test('grafana: local shows its Prometheus', async () => {
    const objects = await buildWith('local', { component: 'grafana', after: 'observability' })
    expect(ofKind(objects, 'Deployment').map(({ metadata }) => metadata.name)).toContain('grafana')
    expect(breaches(objects)).toEqual([])
  })

  test('observability beside monitoring: both read the same API', async () => {
    const objects = await buildWith('staging', { component: 'observability', after: 'monitoring' })
    expect(ofKind(objects, 'Deployment').map(({ metadata }) => metadata.name)).toContain(
      'prometheus',
    )
    expect(ofKind(objects, 'ServiceMonitor')).toHaveLength(1)
    expect(breaches(objects)).toEqual([])
  })
})
