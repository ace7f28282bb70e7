/**
 * npm test: all tests, including the gate (types, lint, boundaries, Deno: scripts/gate). Prints the
 * full output of failures and the number of passed tests per file. The last line is
 * `N passed, N failed`.
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { openTestServer } from '../src/testing/test-database.ts'
import { steps } from './gate/steps.ts'

interface Counts {
  pass: number
  fail: number
  skip: number
}

const OWN_TOTALS = /^ *\d+ expect\(\) calls$|^Ran \d+ tests? across /

/**
 * Reads Bun's report, which mixes the tests of files and ends with the counts.
 */
async function runTests(
  patterns: string[],
): Promise<{ code: number | null; counts: Counts; files: Map<string, number> }> {
  const child = spawn(process.execPath, ['test', '--parallel=2', '--timeout=120000', ...patterns], {
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const counts = { pass: 0, fail: 0, skip: 0 }
  const files = new Map<string, number>()
  let file = ''
  let named = ''
  for await (const line of createInterface(child.stderr)) {
    const total = /^ *(\d+) (pass|fail|skip)$/.exec(line)
    if (total) counts[total[2] as keyof Counts] = Number(total[1])
    else if (/^\S+\.test\.ts:$/.test(line)) file = line.slice(0, -1)
    else if (line.startsWith('(pass)')) files.set(file, (files.get(file) ?? 0) + 1)
    else if (line !== '' && !OWN_TOTALS.test(line)) {
      console.log(file === named ? line : `\n${file}:\n${line}`)
      named = file
    }
  }
  return { code: await ended, counts, files }
}

const patterns = process.argv.slice(2)
const began = performance.now()
// the server stays open here, so that no test file has to start it
const server = await openTestServer()
if (process.env.TEST_DATABASE === 'container') process.env.TEST_DATABASE_URL = server.url
const { code, counts, files } = await runTests(patterns)
await server.close()
console.log()
for (const [file, passed] of [...files].sort())
  console.log(`${String(passed).padStart(4)} passed  ${file}`)
for (const step of steps) {
  const absent = step.missing()
  if (absent) console.log(`not run: ${step.title}: ${absent}`)
}
if (counts.skip > 0) console.log(`${counts.skip} skipped`)
// Bun prints no counts when it crashes
const failed = Math.max(counts.fail, code === 0 && counts.pass > 0 ? 0 : 1)
if (failed > 0)
  console.log('One file again: npm test -- PATH; one step of the gate: npm run check -- STEP')
console.log(`${((performance.now() - began) / 1000).toFixed(1)} s`)
console.log(`${counts.pass} passed, ${failed} failed`)
process.exit(failed > 0 ? 1 : 0)
