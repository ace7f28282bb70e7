import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { insertFixtures } from '../../src/testing/fixtures.ts'
import { createTestDatabase } from '../../src/testing/test-database.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url).href)

export type Target = {
  port: number
  /** Memory of the process in MB; null where there is no /proc. */
  rss(): number | null
  isAlive(): boolean
  stop(): Promise<void>
}

/** A separate server process, started as a user starts it, with the test dataset. */
export async function startTarget(): Promise<Target> {
  const database = await createTestDatabase()
  await insertFixtures(database.sql)
  const settings = {
    DATABASE_URL: database.url,
    PORT: '0',
    SAMPLE_DATA: 'off',
    LOG_FORMAT: 'json',
    RATE_LIMIT: 'off',
  }
  const env = { PATH: process.env.PATH ?? '', ...settings }
  const child = spawn(process.execPath, ['--no-env-file', MAIN, 'serve'], { env })
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  let output = ''
  child.stdout.on('data', (text) => {
    output = output.slice(-5000) + text
    const port = /"url":"http:\/\/[^":]+:(\d+)","docs"/.exec(output)?.[1]
    if (port !== undefined) resolve(Number(port))
  })
  ended.then(() => reject(new Error(`Cannot attack: the server did not start: ${output}`)))
  return {
    port: await promise,
    rss: () => {
      if (process.platform !== 'linux') return null
      const kilobytes = /VmRSS:\s+(\d+)/.exec(
        readFileSync(`/proc/${child.pid}/status`, 'utf8'),
      )?.[1]
      return Math.round(Number(kilobytes) / 1024)
    },
    isAlive: () => child.exitCode === null,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
      await database.drop()
    },
  }
}
