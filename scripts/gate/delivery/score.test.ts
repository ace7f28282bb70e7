import { describe, expect, test } from 'bun:test'
import { buildOverlays, noBuilder } from './build.ts'
import { withoutProgram } from './checkers.ts'
import { criticalOf, EXCEPTIONS } from './score.ts'
import { readVersions } from './versions.ts'

const skipped =
  (noBuilder() ?? withoutProgram('kube-score')) !== undefined && process.env.CI !== 'true'

describe.skipIf(skipped)('kube-score', () => {
  test('finds what is planted', async () => {
    const builds = await buildOverlays()
    const { text = '' } = builds.find(({ overlay }) => overlay === 'production') ?? {}
    const spoilt = text.replace(/\n *readinessProbe:(\n {10,}.*)+?(?=\n {8}\w)/, '')
    expect(spoilt).not.toBe(text)
    const found = await criticalOf(spoilt, readVersions().tools.kubernetes ?? '')
    expect(found.join('\n')).toContain('pod-probes')
  })

  test('has exceptions with their reasons, in a sentence', () => {
    for (const { reason } of EXCEPTIONS) expect(reason).toMatch(/^[A-Z0-9].{30,}\.$/)
  })
})
