import { afterAll, expect, test } from 'bun:test'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../run-tool.ts'
import { build, noBuilder } from './build.ts'
import { ofKind } from './manifest.ts'
import { breaches } from './rules.ts'

const skipped = noBuilder() !== undefined && process.env.CI !== 'true'
const folder = mkdtempSync(join(tmpdir(), 'super-zol-autoscaling-'))
afterAll(() => rmSync(folder, { recursive: true }))

test.skipIf(skipped)(
  'production with autoscaling on requests looks at both, and keeps to our rules',
  async () => {
    cpSync(join(ROOT, 'kustomize'), folder, { recursive: true })
    const overlay = join(folder, 'overlays/production')
    const file = join(overlay, 'kustomization.yaml')
    const line = '  - ../../components/autoscaling\n'
    const text = readFileSync(file, 'utf8').replace(
      line,
      `${line}  - ../../components/autoscaling-on-requests\n`,
    )
    writeFileSync(file, text)
    const { objects } = await build(overlay)
    const [scaler] = ofKind<{ metrics: { type: string }[]; maxReplicas: number }>(
      objects,
      'HorizontalPodAutoscaler',
    )
    expect(scaler?.spec.metrics.map(({ type }) => type)).toEqual(['Resource', 'Pods'])
    expect(scaler?.spec.maxReplicas).toBe(8)
    expect(breaches(objects)).toEqual([])
  },
)
