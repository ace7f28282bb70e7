import type { Sql } from '../db/connect.ts'
import { openDatabase } from '../db/database.ts'
import { migrateDown, migrateUp, migrationStatus } from '../db/migrate.ts'
import { readEnv, SettingError } from '../env.ts'
import { createLogger } from '../log.ts'
import { readArguments, UsageError, usageLine } from './arguments.ts'

const USAGE = `Usage: npm run migrate -- COMMAND

  up            apply what is pending
  down          revert the last one
  down --all    revert all: every table goes, with what is in it
  status        say what is applied and what is pending
  create NAME   write drizzle/NNNN_NAME.sql and its .down.sql from the changed tables.ts
                (with the sources only)

Exit codes: 0 done, 1 a migration failed, 2 wrong usage.`

const flag = { type: 'boolean', default: false } as const

type Command = { name: 'up' | 'down' | 'status'; all: boolean } | { name: 'help' }

function readCommand(argv: string[]): Command {
  const { values, positionals } = readArguments(argv, { all: flag, help: flag })
  const [name, argument] = positionals
  if (values.help) return { name: 'help' }
  if (name === undefined) throw new UsageError('which command?')
  if (values.all && name !== 'down') throw new UsageError(`${name} takes no --all`)
  if (name === 'create') throw new UsageError('create needs the sources: npm run migrate')
  if (name !== 'up' && name !== 'down' && name !== 'status')
    throw new UsageError(`there is no command ${name}`)
  if (argument !== undefined) throw new UsageError(`${name} takes no ${argument}`)
  return { name, all: values.all }
}

async function runOn(sql: Sql, { name, all }: Extract<Command, { all: boolean }>): Promise<void> {
  if (name === 'status') {
    for (const { name, state, appliedAt } of await migrationStatus(sql)) {
      console.log(`${state.padEnd(8)}  ${name}${appliedAt ? `  ${appliedAt.toISOString()}` : ''}`)
    }
    return
  }
  const names = name === 'up' ? await migrateUp(sql) : await migrateDown(sql, { all })
  if (names.length === 0) console.log(name === 'up' ? 'nothing is pending' : 'nothing is applied')
  for (const migration of names)
    console.log(`${name === 'up' ? 'applied' : 'reverted'}  ${migration}`)
}

/** `migrate up | down [--all] | status` */
export async function run(args: string[]): Promise<number> {
  try {
    await obey(readCommand(args))
    return 0
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    console.error(error instanceof UsageError ? usageLine('migrate', 'migrate', error) : message)
    return error instanceof UsageError || error instanceof SettingError ? 2 : 1
  }
}

async function obey(command: Command): Promise<void> {
  if (command.name === 'help') return console.log(USAGE)
  const env = readEnv(process.env)
  const database = await openDatabase(env, createLogger(env, 'stderr'), {
    mustExist: command.name !== 'up',
  })
  try {
    await runOn(database.sql, command)
  } finally {
    await database.close()
  }
}
