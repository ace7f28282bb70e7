import { describe, expect, test } from 'bun:test'
import { buildOverlays, noBuilder } from './build.ts'
import { withoutProgram } from './checkers.ts'
import { criticalOf, EXCEPTIONS } from './score.ts'
import { readVersions } from './versions.ts'

const skipped =
  (noBuilder() ?? withoutProgram('kube-score')) !== undefined && process.env.CI !== 'true'

describe.skipIf(skipped)('kube-score', () => {
  test('kube-score finds a missing readiness probe', async () => {
    const builds = await buildOverlays()
    const { text = '' } = builds.find(({ overlay }) => overlay === 'production') ?? {}
    const spoilt = text.replace(/\n *readinessProbe:(\n {10,}.*)+?(?=\n {8}\w)/, '')
    expect(spoilt).not.toBe(text)
    const criticals = await criticalOf(spoilt, readVersions().tools.kubernetes ?? '')
    expect(criticals.join('\n')).toContain('pod-probes')
  })

  test('each exception for kube-score has a reason in one sentence', () => {
    for (const { reason } of EXCEPTIONS) expect(reason).toMatch(/^[A-Z0-9].{30,}\.$/)
  })
})
