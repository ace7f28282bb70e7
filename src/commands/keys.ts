import { createKey, findKeys, type KeyRow, revokeKey } from '../auth/keys.ts'
import type { Sql } from '../db/connect.ts'
import { openDatabase } from '../db/database.ts'
import { migrateUp } from '../db/migrate.ts'
import { readEnv, SettingError } from '../env.ts'
import { ROLES } from '../http/contract/caller.ts'
import { createLogger } from '../log.ts'
import { readArguments, UsageError, usageLine } from './arguments.ts'

const USAGE = `Usage: npm run keys -- COMMAND [--json]

  create --name NAME --role ${ROLES.join('|')} [--expires 90d|12h]
                make an API key; it is shown once, on the first line
  list          say which there are, those that have ended too
  revoke ID     end one for good

Exit codes: 0 done, 1 there is no such key or no database, 2 wrong usage.`

const LASTS = /^([1-9]\d{0,4})([dh])$/
const HOURS = { d: 24, h: 1 }
const MAX_CHARACTERS = 100

type Wanted = { name: string; role: KeyRow['role']; lastsMs: number | null }
type Command =
  | ({ name: 'create' } & { key: Wanted })
  | { name: 'list' }
  | { name: 'revoke'; id: string }

function readCommand(args: string[]): { json: boolean; command: Command | null } {
  const { values, positionals } = readArguments(args, {
    name: { type: 'string' },
    role: { type: 'string' },
    expires: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  })
  const { json, help, ...key } = values
  const [name, id, ...rest] = positionals
  if (help) return { json, command: null }
  if (name === undefined) throw new UsageError('which command?')
  if (name !== 'create' && Object.keys(key).length > 0)
    throw new UsageError(`${name} takes no --name, --role, --expires`)
  if (name === 'revoke') {
    if (id === undefined || rest.length > 0) throw new UsageError('revoke takes one ID')
    return { json, command: { name, id } }
  }
  if (id !== undefined) throw new UsageError(`${name} takes no ${id}`)
  if (name === 'list') return { json, command: { name } }
  if (name === 'create') return { json, command: { name, key: readWanted(key) } }
  throw new UsageError(`there is no command ${name}`)
}

function readWanted(given: { name?: string; role?: string; expires?: string }): Wanted {
  const name = given.name?.trim() ?? ''
  if (name === '' || name.length > MAX_CHARACTERS || /\p{Cc}/u.test(name)) {
    throw new UsageError(`create takes --name NAME, 1 to ${MAX_CHARACTERS} characters`)
  }
  const role = ROLES.find((role) => role === given.role)
  if (role === undefined) throw new UsageError(`create takes --role ${ROLES.join('|')}`)
  if (given.expires === undefined) return { name, role, lastsMs: null }
  const [, count, unit] = LASTS.exec(given.expires) ?? []
  if (unit !== 'd' && unit !== 'h')
    throw new UsageError('--expires takes days or hours, such as 90d or 12h')
  return { name, role, lastsMs: Number(count) * HOURS[unit] * 3_600_000 }
}

/** `keys create | list | revoke`: manages the API keys of a database. */
export async function run(args: string[]): Promise<number> {
  try {
    const { json, command } = readCommand(args)
    if (command !== null) return await obey(command, json)
    console.log(USAGE)
    return 0
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    console.error(error instanceof UsageError ? usageLine('handle keys', 'keys', error) : message)
    return error instanceof UsageError || error instanceof SettingError ? 2 : 1
  }
}

async function obey(command: Command, json: boolean): Promise<number> {
  const env = readEnv(process.env)
  const database = await openDatabase(env, createLogger(env, 'stderr'), {
    mustExist: command.name !== 'create',
  })
  try {
    await migrateUp(database.sql)
    return await runOn(database.sql, { command, json })
  } finally {
    await database.close()
  }
}

async function runOn(
  sql: Sql,
  { command, json }: { command: Command; json: boolean },
): Promise<number> {
  const now = new Date()
  if (command.name === 'create') {
    const { lastsMs, ...wanted } = command.key
    const expiresAt = lastsMs === null ? null : new Date(now.getTime() + lastsMs)
    const { row, text } = await createKey(sql, { ...wanted, expiresAt, now })
    console.log(
      json
        ? JSON.stringify({ ...row, key: text })
        : `${text}\n\n${line(row, now)}\nIt is not shown again.`,
    )
    return 0
  }
  if (command.name === 'list') {
    const rows = await findKeys(sql)
    if (json) console.log(JSON.stringify(rows))
    else for (const row of rows) console.log(line(row, now))
    return 0
  }
  const row = await revokeKey(sql, command.id, now)
  if (row === null)
    throw new Error(`Cannot revoke ${command.id}: there is no such key, or it has been revoked`)
  console.log(json ? JSON.stringify(row) : line(row, now))
  return 0
}

/**
 * Formats a key: `3f9c02ab77de  admin    holds    until 2026-11-18  used 2026-08-20  operations`
 */
function line({ id, role, name, expires_at, last_used_at, revoked_at }: KeyRow, now: Date): string {
  const state =
    revoked_at !== null ? 'revoked' : expires_at !== null && expires_at <= now ? 'expired' : 'holds'
  const until = expires_at === null ? 'for ever' : `until ${expires_at.toISOString().slice(0, 10)}`
  const used =
    last_used_at === null ? 'never used' : `used ${last_used_at.toISOString().slice(0, 10)}`
  return [id, role.padEnd(7), state.padEnd(7), until.padEnd(16), used.padEnd(15), name].join('  ')
}
