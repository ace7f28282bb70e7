import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, runTool } from './run-tool.ts'

export interface Violation {
  rule: string
  from: string
  to: string
}

interface Cruise {
  modules: { source: string }[]
  summary: {
    violations: { from: string; to: string; rule: { name: string }; cycle?: { name: string }[] }[]
  }
}

const FOLDERS = ['src', 'modules', 'scripts']

/**
 * Applies the rules of `.dependency-cruiser.cjs` to the sources of a folder.
 * @throws Error when dependency-cruiser fails or skips sources, which it does silently with an
 *   unsupported version of TypeScript
 */
export async function findViolations(folder: string): Promise<Violation[]> {
  const folders = FOLDERS.filter((name) => existsSync(join(folder, name)))
  const sources = folders.flatMap((name) => listSources(folder, name))
  if (sources.length === 0)
    throw new Error(`Cannot check the boundaries: there are no sources in ${folder}`)
  const cruiser = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const options = ['--config', join(ROOT, '.dependency-cruiser.cjs'), '--output-type', 'json']
  const { stdout, stderr } = await runTool([process.execPath, cruiser, ...options, ...folders], {
    cwd: folder,
  })
  if (!stdout.startsWith('{'))
    throw new Error(`Cannot check the boundaries: dependency-cruiser failed\n${stderr}`)
  const { modules, summary }: Cruise = JSON.parse(stdout)
  const seen = new Set(modules.map(({ source }) => source))
  const unseen = sources.filter((source) => !seen.has(source))
  if (unseen.length > 0) {
    throw new Error(
      `Cannot check the boundaries: ${unseen.length} of ${sources.length} sources were not cruised`,
    )
  }
  return summary.violations.map(({ from, to, rule, cycle }) => {
    return { rule: rule.name, from, to: cycle?.map(({ name }) => name).join(' → ') ?? to }
  })
}

function listSources(folder: string, name: string): string[] {
  const files = readdirSync(join(folder, name), { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${name}/${file.replaceAll('\\', '/')}`)
}

interface Rule {
  name: string
  comment: string
  from: { path?: string }
  to: { path?: string | string[] }
}

/** The rules of `.dependency-cruiser.cjs`; each has its reason as comment. */
export async function readRules(): Promise<Rule[]> {
  const config: { default: { forbidden: Rule[] } } = await import(
    join(ROOT, '.dependency-cruiser.cjs')
  )
  return config.default.forbidden
}
