import { execFile } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { connect, type Sql } from '../../src/db/connect.ts'

const run = promisify(execFile)

export type CopyResult = { seconds: number; rows: number; by: 'psql' | 'postgres.js' }

/**
 * What the server needs to take in these CSVs and do nothing with them: `\copy` of each, one after
 * the other, into an unlogged table of text columns. Making and dropping the tables is not timed.
 * psql does it where there is one.
 */
export async function measureCopy(url: string, files: readonly string[]): Promise<CopyResult> {
  const sql = connect(url, { max: 1 })
  try {
    for (const [at, file] of files.entries()) {
      const columns = await readHeader(file)
      await sql.unsafe(
        `create unlogged table copied_${at} (${columns.map((name) => `"${name}" text`).join(', ')})`,
      )
    }
    const by = (await hasPsql()) ? 'psql' : 'postgres.js'
    const started = performance.now()
    if (by === 'psql') await copyWithPsql(url, files)
    else await copyWithDriver(sql, files)
    const seconds = (performance.now() - started) / 1000
    const rows = await countAndDrop(sql, files.length)
    return { seconds, rows, by }
  } finally {
    await sql.end()
  }
}

async function readHeader(file: string): Promise<string[]> {
  for await (const chunk of createReadStream(file, { encoding: 'utf8' })) {
    const [line = ''] = String(chunk).split(/\r?\n/)
    return line.split(',').map((name) => name.replaceAll('"', ''))
  }
  throw new Error(`Cannot copy ${file}: it is empty`)
}

async function hasPsql(): Promise<boolean> {
  return run('psql', ['--version']).then(
    () => true,
    () => false,
  )
}

async function copyWithPsql(url: string, files: readonly string[]): Promise<void> {
  const commands = files.flatMap((file, at) => {
    const path = file.replaceAll("'", "''")
    return ['-c', `\\copy copied_${at} from '${path}' with (format csv, header)`]
  })
  await run('psql', ['-X', '-v', 'ON_ERROR_STOP=1', '-d', url, ...commands])
}

async function copyWithDriver(sql: Sql, files: readonly string[]): Promise<void> {
  for (const [at, file] of files.entries()) {
    const into = await sql
      .unsafe(`copy copied_${at} from stdin with (format csv, header)`)
      .writable()
    await pipeline(createReadStream(file, { highWaterMark: 1 << 18 }), into)
  }
}

async function countAndDrop(sql: Sql, tables: number): Promise<number> {
  let rows = 0
  for (let at = 0; at < tables; at++) {
    const [row] = await sql<
      { count: string }[]
    >`select count(*) as count from ${sql(`copied_${at}`)}`
    rows += Number(row?.count ?? 0)
    await sql`drop table ${sql(`copied_${at}`)}`
  }
  return rows
}
