import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api'
import * as catalog from '../../modules/catalog/tables.ts'
import * as ingestion from '../../modules/ingestion/tables.ts'
import * as pricing from '../../modules/pricing/tables.ts'
import * as auth from '../../src/auth/tables.ts'
import * as core from '../../src/db/core-tables.ts'
import { ROOT } from '../gate/run-tool.ts'

/** The tables as drizzle-kit describes them. */
export type Snapshot = ReturnType<typeof generateDrizzleJson>

/** The tables as of the last generated migration. */
export const SNAPSHOT_FILE = join(ROOT, 'drizzle/snapshot.json')

const NO_ID = '00000000-0000-0000-0000-000000000000'

/** The tables that the code declares now. */
export function currentSnapshot(): Snapshot {
  return snapshotOf({ ...core, ...auth, ...catalog, ...pricing, ...ingestion })
}

/** A database without tables. */
export function emptySnapshot(): Snapshot {
  return snapshotOf({})
}

export function savedSnapshot(): Snapshot {
  return JSON.parse(readFileSync(SNAPSHOT_FILE, 'utf8'))
}

export function serializeSnapshot(snapshot: Snapshot): string {
  return `${JSON.stringify(snapshot, null, 1)}\n`
}

/** Without drizzle-kit's random ids, which would differ at every call. */
function snapshotOf(tables: Record<string, unknown>): Snapshot {
  return { ...generateDrizzleJson(tables), id: NO_ID, prevId: NO_ID }
}

/** The SQL that changes a database from one snapshot to another; empty when they are equal. */
export async function sqlBetween(from: Snapshot, to: Snapshot): Promise<string> {
  const statements = await generateMigration(from, to)
  return statements.map((statement) => `${statement.trimEnd()}\n`).join('')
}
