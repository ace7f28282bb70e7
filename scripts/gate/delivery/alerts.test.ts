import { describe, expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../run-tool.ts'
import { readAlerts, readAlertTests, testAlerts } from './alerts.ts'
import { withoutProgram } from './checkers.ts'

const alerts = readAlerts().groups.flatMap(({ rules }) => rules)

describe('alerts', () => {
  test('every alert has a summary, a description and an existing runbook', () => {
    for (const { annotations } of alerts) {
      expect(annotations.summary).not.toBe('')
      expect(annotations.description).not.toBe('')
      expect(existsSync(join(ROOT, annotations.runbook))).toBe(true)
    }
  })

  test('every alert fires in one of the tests', () => {
    const tests = readAlertTests()
    for (const { alert } of alerts) expect(tests).toContain(`alertname: ${alert}\n`)
  })

  const skipped = withoutProgram('promtool') !== undefined && process.env.CI !== 'true'
  test.skipIf(skipped)('the test of an alert fails if the alert never fires', async () => {
    const dead = structuredClone(readAlerts())
    for (const { rules } of dead.groups)
      for (const rule of rules) Object.assign(rule, { expr: 'vector(0) > 1' })
    const { code, stdout, stderr } = await testAlerts(dead, readAlertTests())
    expect(code).toBe(1)
    for (const { alert } of alerts) expect(stdout + stderr).toContain(alert)
  })
})
