import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { createKey } from '../../src/auth/keys.ts'
import { connect } from '../../src/db/connect.ts'
import type { ServerProcess } from './http-process.ts'
import { type Statement, statementsOf } from './statements.ts'

const run = promisify(execFile)
const PATH = '/v1/prices'
const TIMES = 3
const LOOK_EVERY_MS = 50

/**
 * The seconds that a CSV of all current prices takes, against `\copy` of the query that it is read
 * by. Only who has a key gets all of them, so one is made, and removed in the end.
 * @throws Error where psql is not there
 */
export async function measureExport(url: string, server: ServerProcess) {
  const sql = connect(url, { max: 1 })
  const { row, text } = await createKey(sql, {
    name: 'bench',
    role: 'reader',
    expiresAt: null,
    now: new Date(),
  })
  try {
    return await measureWithKey(url, server, { accept: 'text/csv', 'x-api-key': text })
  } finally {
    await sql`delete from auth.keys where id = ${row.id}`
    await sql.end({ timeout: 1 })
  }
}

type Asking = Record<string, string>

async function measureWithKey(url: string, server: ServerProcess, headers: Asking) {
  const walk = (await statementsOf(url, PATH, headers)).find(({ text }) => /^declare /i.test(text))
  if (walk === undefined) throw new Error(`Cannot measure: ${PATH} is not read by a cursor`)
  const query = withValues(walk).replace(/^declare .*? for /is, '')
  await exportAll(server, headers)
  const before = (await server.megabytes()).now
  const exports = []
  const copies = []
  for (let times = 0; times < TIMES; times++) {
    exports.push(await exportAll(server, headers))
    copies.push(await copyAll(url, query))
  }
  const [ours, theirs] = [Math.min(...exports.map(({ seconds }) => seconds)), Math.min(...copies)]
  const rows = exports[0]?.rows.toLocaleString('en-US')
  return {
    ratio: theirs / ours,
    grownMegabytes: Math.max(...exports.map(({ megabytes }) => megabytes)) - before,
    note: `${rows} rows in ${ours.toFixed(1)} s, \\copy ${theirs.toFixed(1)} s`,
  }
}

/** The rows, the seconds, and the server's peak memory. */
async function exportAll(server: ServerProcess, headers: Asking) {
  let megabytes = 0
  const look = setInterval(async () => {
    megabytes = Math.max(megabytes, (await server.megabytes()).now)
  }, LOOK_EVERY_MS)
  const started = performance.now()
  const response = await fetch(server.url + PATH, { headers })
  let lines = 0
  for await (const chunk of response.body ?? []) for (const byte of chunk) if (byte === 10) lines++
  clearInterval(look)
  return { rows: lines - 1, seconds: (performance.now() - started) / 1000, megabytes }
}

async function copyAll(url: string, query: string): Promise<number> {
  const command = `\\copy (${query.replace(/\s+/g, ' ')}) to '/dev/null' with (format csv, header)`
  const started = performance.now()
  await run('psql', ['-X', '-v', 'ON_ERROR_STOP=1', '-d', url, '-c', command])
  return (performance.now() - started) / 1000
}

/** `\copy` takes no parameters. */
function withValues({ text, parameters }: Statement): string {
  return text.replace(/\$(\d+)/g, (_, place: string) => literal(parameters[Number(place) - 1]))
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const text =
    value instanceof Date
      ? value.toISOString()
      : Array.isArray(value)
        ? `{${value.join(',')}}`
        : String(value)
  return `'${text.replaceAll("'", "''")}'`
}
