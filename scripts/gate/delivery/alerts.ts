import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT, runTool, type ToolResult } from '../run-tool.ts'
import { findProgram } from './checkers.ts'

const FOLDER = join(ROOT, 'kustomize/components/monitoring')

export interface Alert {
  alert: string
  annotations: { summary: string; description: string; runbook: string }
}

interface Rules {
  groups: { rules: Alert[] }[]
}

/** The rules of the PrometheusRule, as Prometheus itself reads them. */
export function readAlerts(): Rules {
  const manifest = Bun.YAML.parse(readFileSync(join(FOLDER, 'alerts.yaml'), 'utf8')) as {
    spec: Rules
  }
  return manifest.spec
}

/** The rules for the Prometheus of `observability`, which reads no PrometheusRule. */
export const RULES_FILE = join(ROOT, 'kustomize/components/observability/alerts.yaml')

/** The rules as a Prometheus rule file. */
export function ruleFile(rules: Rules): string {
  const head = '# Written by scripts/sync-versions.ts from the component monitoring.\n'
  return `${head}${Bun.YAML.stringify(rules, null, 2)}\n`
}

/** The times and series of alerts.test.yaml, with the alert that each must give. */
export function readAlertTests(): string {
  return readFileSync(join(FOLDER, 'alerts.test.yaml'), 'utf8')
}

/** `promtool test rules`. */
export async function testAlerts(rules: Rules, tests: string): Promise<ToolResult> {
  const folder = mkdtempSync(join(tmpdir(), 'super-zol-alerts-'))
  // JSON is valid YAML
  writeFileSync(join(folder, 'alerts.yaml'), JSON.stringify(rules))
  writeFileSync(join(folder, 'alerts.test.yaml'), tests)
  const result = await runTool(
    [findProgram('promtool') ?? '', 'test', 'rules', 'alerts.test.yaml'],
    { cwd: folder },
  )
  rmSync(folder, { recursive: true })
  return result
}
