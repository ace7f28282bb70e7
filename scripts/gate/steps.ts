import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createTestDatabase } from '../../src/testing/test-database.ts'
import { findViolations, readRules } from './boundaries.ts'
import { deliverySteps } from './delivery/steps.ts'
import { ROOT, runTool, type ToolResult } from './run-tool.ts'
import type { Step } from './step.ts'

const DENO = join(ROOT, 'node_modules/deno', process.platform === 'win32' ? 'deno.exe' : 'deno')
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc')
const BIOME = join(ROOT, 'node_modules/@biomejs/biome/bin/biome')
const CRUISER = join(ROOT, 'node_modules/dependency-cruiser/package.json')

export const steps: Step[] = [
  {
    name: 'types',
    title: 'types (tsc)',
    missing: () => withoutPackage(TSC),
    run: async () => judge(await runTool([process.execPath, TSC, '--noEmit', '-p', '.'])),
  },
  {
    name: 'lint',
    title: 'lint and format (biome)',
    fix: 'npm run fix',
    missing: () => withoutPackage(BIOME),
    run: async () =>
      judge(
        await runTool([
          process.execPath,
          BIOME,
          'check',
          '--error-on-warnings',
          '--max-diagnostics=10',
          '.',
        ]),
      ),
  },
  {
    name: 'boundaries',
    title: 'boundaries (dependency-cruiser)',
    missing: () => withoutPackage(CRUISER),
    run: checkBoundaries,
  },
  {
    name: 'deno',
    title: 'types on Deno (deno check)',
    missing: () => withoutPackage(DENO),
    run: async () => judge(await runTool([DENO, 'check', '--quiet', '.'])),
  },
  {
    name: 'deno-smoke',
    title: 'the app on Deno.serve',
    missing: () => withoutPackage(DENO),
    run: smokeOnDeno,
  },
  ...deliverySteps,
]

function withoutPackage(tool: string): string | undefined {
  return existsSync(tool)
    ? undefined
    : `${tool} is not there; npm ci installs it where there is one for the machine`
}

function judge({ code, stdout, stderr }: ToolResult): { passed: boolean; report: string } {
  return { passed: code === 0, report: `${stdout}${stderr}`.trim() }
}

async function checkBoundaries(): Promise<{ passed: boolean; report: string }> {
  const violations = await findViolations(ROOT)
  const reasons = new Map((await readRules()).map(({ name, comment }) => [name, comment]))
  const lines = violations.map(
    ({ rule, from, to }) => `${rule}: ${from} → ${to}\n  ${reasons.get(rule)}`,
  )
  return { passed: lines.length === 0, report: lines.join('\n') }
}

async function smokeOnDeno(): Promise<{ passed: boolean; report: string }> {
  const database = await createTestDatabase()
  try {
    const variables = { DATABASE_URL: database.url, LOG_FORMAT: 'json', LOG_LEVEL: 'warn' }
    return judge(
      await runTool([DENO, 'run', '--allow-all', 'scripts/gate/deno-smoke.ts'], { variables }),
    )
  } finally {
    await database.drop()
  }
}
