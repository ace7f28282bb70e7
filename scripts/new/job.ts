/** scripts/new-job.sh NAME [--cron "0 3 * * *"] */
import { parseArgs } from 'node:util'
import { writeComponent } from './component.ts'
import { checkName, formatSources, insertBefore, writeFiles } from './files.ts'

/** Five fields of numbers, stars, ranges, lists and steps. */
const CRON = /^([\d*][\d*,/-]*)( [\d*][\d*,/-]*){4}$/

function moduleFiles(name: string): Record<string, string> {
  const Name = name.replace(/^./, (letter) => letter.toUpperCase())
  return {
    [`modules/${name}/index.ts`]: `export { run${Name}, type ${Name}Summary } from './run.ts'\n`,
    [`modules/${name}/run.ts`]: `import type { Sql } from '../../src/db/connect.ts'
import { readGeneration } from '../../src/db/generation.ts'

export type ${Name}Summary = {
  /** The generation at the start. */
  generation: number
}

/**
 * Describe here what ${name} does. It may be killed at any moment and started again, so it must not
 * leave partial results.
 */
export async function run${Name}(sql: Sql): Promise<${Name}Summary> {
  const { number } = await readGeneration(sql)
  return { generation: number }
}
`,
    [`modules/${name}/run.test.ts`]: `import { afterAll, beforeAll, expect, test } from 'bun:test'
import { createTestDatabase, type TestDatabase } from '../../src/testing/test-database.ts'
import { run${Name} } from './index.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

test('${name} reads the published generation', async () => {
  expect(await run${Name}(database.sql)).toEqual({ generation: 0 })
})
`,
    [`src/commands/${name}.ts`]: `import { run${Name} } from '../../modules/${name}/index.ts'
import { openDatabase } from '../db/database.ts'
import { readEnv, SettingError } from '../env.ts'
import { createLogger } from '../log.ts'

/** \`${name}\`: one run. Exit codes: 0 done, 1 failed, 2 wrong usage. */
export async function run(args: string[]): Promise<number> {
  if (args.length > 0) {
    console.error(\`Cannot run ${name}: it takes no \${args[0]}\`)
    return 2
  }
  try {
    const env = readEnv(process.env)
    const log = createLogger(env)
    const database = await openDatabase(env, log)
    try {
      log.info(await run${Name}(database.sql), '${name} is done')
    } finally {
      await database.close()
    }
    return 0
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return error instanceof SettingError ? 2 : 1
  }
}
`,
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { cron: { type: 'string', default: '0 3 * * *' } },
  })
  const name = checkName(positionals[0])
  if (!CRON.test(values.cron))
    throw new Error(`Cannot make ${name}: "${values.cron}" is no schedule of five fields`)
  writeFiles(moduleFiles(name))
  insertBefore(
    'src/main.ts',
    /^\]\)$/m,
    `  [
    '${name}',
    {
      says: 'say here what ${name} does',
      run: async (args) => (await import('./commands/${name}.ts')).run(args),
    },
  ],
`,
  )
  writeComponent(name, {
    like: 'ingest',
    change: (yaml) =>
      yaml
        .replace(/schedule: .*/, `schedule: "${values.cron}"`)
        .replace(/args: .*/, `args: [${name}]`)
        .replaceAll('values: [1, 3]', 'values: [1]')
        .replace(
          '# a file that could not be loaded (1), another run at work (3): again',
          '# it failed (1): again',
        ),
    readme: `# ${name}

\`super-zol ${name}\` as a CronJob, \`${values.cron}\` in Israel. By hand: \`kubectl create job ${name}-now --from=cronjob/${name}\`.
`,
  })
  await formatSources(name)
  console.log(`
${name} is there. Next:

  npm test -- modules/${name}      its own test
  npm run check                   types, lint, boundaries, manifests
  npx bun src/main.ts ${name}      one run, here
  git diff && git status          what was written; modules/${name}/run.ts is where to begin`)
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(2)
}
