/**
 * npm run test:outage [-- CUTS]: cuts the database off and restores it, 200 times unless told
 * otherwise, under load on the driver and then on the API. With `taskset` (Linux) everything runs
 * on one core, shared with a busy process. Prints what was measured; exits 1 when a caller waited
 * longer than a second after a return, got a wrong answer, or a connection was left open.
 */
import { spawn } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { apiActions } from '../src/testing/api-outages.ts'
import {
  driverActions,
  faultsOf,
  type OutageReport,
  surviveOutages,
} from '../src/testing/database-outages.ts'
import { insertFixtures } from '../src/testing/fixtures.ts'
import { createTestDatabase } from '../src/testing/test-database.ts'

const [given = '200', where] = process.argv.slice(2)
const cuts = Number(given)

/** Runs this script again on one core, together with a process that keeps it busy. */
async function runOnBusyCore(): Promise<number> {
  const bun = process.execPath
  const neighbour = spawn('taskset', ['-c', '0', bun, '-e', 'while (true) {}'])
  const hasTaskset = await new Promise<boolean>((resolve) => {
    neighbour.once('spawn', () => resolve(true))
    neighbour.once('error', () => resolve(false))
  })
  const here = [bun, fileURLToPath(import.meta.url), given, 'here']
  const [command = bun, ...args] = hasTaskset ? ['taskset', '-c', '0', ...here] : here
  if (!hasTaskset) console.log('taskset is not there: all cores are used')
  const child = spawn(command, args, { stdio: 'inherit' })
  return new Promise((resolve) => {
    child.once('close', (code) => {
      neighbour.kill()
      resolve(code ?? 1)
    })
  })
}

function describe(title: string, report: OutageReport): void {
  const { recoveries, answers, errors } = report
  const sorted = recoveries.map(Math.round).toSorted((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)]
  console.log(`${title}: ${cuts} cuts, ${answers} answers, errors ${JSON.stringify(errors)}`)
  console.log(
    `  all callers answered after a return: median ${median} ms, at most ${sorted.at(-1)} ms`,
  )
}

async function measure(): Promise<number> {
  const database = await createTestDatabase()
  await insertFixtures(database.sql)
  const faults: string[] = []
  for (const [title, actions] of [
    ['driver', driverActions],
    ['API', apiActions],
  ] as const) {
    const report = await surviveOutages(database.url, { cuts, actions })
    describe(title, report)
    faults.push(...faultsOf(report).map((fault) => `${title}: ${fault}`))
  }
  for (const fault of faults) console.log(fault)
  await database.drop()
  return faults.length > 0 ? 1 : 0
}

if (!Number.isInteger(cuts) || cuts < 1) {
  console.error(`${given} is not a number of cuts`)
  process.exit(2)
}
process.exit(await (where === 'here' ? measure() : runOnBusyCore()))
