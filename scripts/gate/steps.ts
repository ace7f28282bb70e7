import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createTestDatabase } from '../../src/db/testing.ts'
import { findViolations, readReasons } from './boundaries.ts'
import { ROOT, runTool, type ToolResult } from './run-tool.ts'

/** What must hold besides the tests. */
export interface Step {
  /** `npm run check -- NAME` runs it alone. */
  name: string
  title: string
  /** The file without which it cannot run here. */
  tool: string
  run: () => Promise<{ passed: boolean; report: string }>
}

const DENO = join(ROOT, 'node_modules/deno', process.platform === 'win32' ? 'deno.exe' : 'deno')
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc')
const BIOME = join(ROOT, 'node_modules/@biomejs/biome/bin/biome')
const CRUISER = join(ROOT, 'node_modules/dependency-cruiser/package.json')

export const steps: Step[] = [
  {
    name: 'types',
    title: 'types (tsc)',
    tool: TSC,
    run: async () => judge(await runTool([process.execPath, TSC, '--noEmit', '-p', '.'])),
  },
  {
    name: 'lint',
    title: 'lint and format (biome)',
    tool: BIOME,
    run: async () =>
      judge(await runTool([process.execPath, BIOME, 'check', '--error-on-warnings', '--max-diagnostics=10', '.'])),
  },
  { name: 'boundaries', title: 'boundaries (dependency-cruiser)', tool: CRUISER, run: checkBoundaries },
  {
    name: 'deno',
    title: 'types on Deno (deno check)',
    tool: DENO,
    run: async () => judge(await runTool([DENO, 'check', '--quiet', '.'])),
  },
  { name: 'deno-smoke', title: 'the app on Deno.serve', tool: DENO, run: smokeOnDeno },
]

/** Why a step cannot run on this machine, and what to do; undefined when it can. */
export function missing({ tool }: Step): string | undefined {
  return existsSync(tool) ? undefined : `${tool} is not there; npm ci installs it where there is one for the machine`
}

function judge({ code, stdout, stderr }: ToolResult): { passed: boolean; report: string } {
  return { passed: code === 0, report: `${stdout}${stderr}`.trim() }
}

async function checkBoundaries(): Promise<{ passed: boolean; report: string }> {
  const violations = await findViolations(ROOT)
  const reasons = await readReasons()
  const lines = violations.map(({ rule, from, to }) => `${rule}: ${from} → ${to}\n  ${reasons.get(rule)}`)
  return { passed: lines.length === 0, report: lines.join('\n') }
}

async function smokeOnDeno(): Promise<{ passed: boolean; report: string }> {
  const database = await createTestDatabase()
  try {
    const variables = { DATABASE_URL: database.url, LOG_FORMAT: 'json', LOG_LEVEL: 'warn' }
    return judge(await runTool([DENO, 'run', '--allow-all', 'scripts/gate/deno-smoke.ts'], { variables }))
  } finally {
    await database.drop()
  }
}
