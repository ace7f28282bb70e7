/** npm run migrate -- COMMAND: `create NAME` here, the other commands as in the product. */
import { writeFileSync } from 'node:fs'
import process from 'node:process'
import { run } from '../src/commands/migrate.ts'
import { createMigration } from '../src/db/migrate.ts'
import {
  currentSnapshot,
  SNAPSHOT_FILE,
  savedSnapshot,
  serializeSnapshot,
  sqlBetween,
} from './migrations/snapshot.ts'

/** Writes the migration from the saved tables to the current ones, then saves the current ones. */
async function create(name: string): Promise<void> {
  const [before, after] = [savedSnapshot(), currentSnapshot()]
  const [up, down] = [await sqlBetween(before, after), await sqlBetween(after, before)]
  for (const path of createMigration(name, { up, down })) console.log(path)
  writeFileSync(SNAPSHOT_FILE, serializeSnapshot(after))
}

const [command, name, ...rest] = process.argv.slice(2)
if (command !== 'create') process.exit(await run(process.argv.slice(2)))
try {
  if (name === undefined || rest.length > 0)
    throw new Error('Cannot create the migration: create takes one NAME')
  await create(name)
  process.exit(0)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(2)
}
