import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { connect } from '../../src/db/connect.ts'
import { type Embedded, openEmbedded } from '../../src/db/embedded.ts'

export type BenchServer = {
  /** `PostgreSQL 18.4 …`, for the heading of a report. */
  version: string
  /** Creates an empty database and returns its URL. */
  createDatabase(name: string): Promise<string>
  /** Checkpoints, so that a step does not pay for the writes of the one before. */
  checkpoint(): Promise<void>
  /** Drops the created databases, and stops the server if it was started here. */
  close(): Promise<void>
}

/**
 * The measured server: that of `DATABASE_URL`, or a new embedded one that is removed afterwards.
 */
export async function openBenchServer(): Promise<BenchServer> {
  const given = process.env.DATABASE_URL ?? ''
  const own = given === '' ? await openOwn() : undefined
  const url = own?.embedded.url ?? given
  const admin = connect(url, { max: 1, name: 'super-zol bench' })
  const [row] = await admin<
    { version: string }[]
  >`select split_part(version(), ' on ', 1) as version`
  const databases: string[] = []
  return {
    version: row?.version ?? '',
    async createDatabase(name) {
      const database = `super_zol_bench_${process.pid}_${name}`
      await admin`create database ${admin(database)}`
      databases.push(database)
      const target = new URL(url)
      target.pathname = database
      return target.href
    },
    async checkpoint() {
      await admin`checkpoint`
    },
    async close() {
      for (const database of databases) await admin`drop database ${admin(database)} with (force)`
      await admin.end({ timeout: 5 })
      await own?.embedded.close()
      if (own !== undefined) await rm(own.folder, { recursive: true, force: true })
    },
  }
}

/** In a folder that others may enter: root runs the server as another user. */
async function openOwn(): Promise<{ folder: string; embedded: Embedded }> {
  const folder = await mkdtemp(join(tmpdir(), 'super-zol-bench-'))
  await chmod(folder, 0o755)
  try {
    return { folder, embedded: await openEmbedded(folder) }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}
