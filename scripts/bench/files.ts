/**
 * bun scripts/bench/files.ts [MEGABYTES]
 *
 * Keeps a file of so many megabytes (500) in a directory and in a bucket (versitygw, started here),
 * reads it again, and tells the time of each and the most memory that this process had in it.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { openDirectoryStorage } from '../../src/storage/directory-storage.ts'
import { openS3Storage } from '../../src/storage/s3-storage.ts'
import { openS3Server } from '../../src/testing/s3-server.ts'
import { digestOf, noise } from '../../src/testing/streams.ts'

const bytes = Number(process.argv[2] ?? 500) << 20
const began = process.memoryUsage().rss

async function measure(what: string, work: () => Promise<unknown>): Promise<void> {
  let most = 0
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss)
  }, 20)
  const before = performance.now()
  await work()
  clearInterval(watch)
  const seconds = ((performance.now() - before) / 1000).toFixed(1)
  console.log(
    `${what.padEnd(20)}  ${seconds.padStart(6)} s  ${((most - began) / (1 << 20)).toFixed(0).padStart(4)} MB more`,
  )
}

const folder = await mkdtemp(join(tmpdir(), 'super-zol-bench-'))
const server = await openS3Server()
try {
  for (const [name, storage] of [
    ['a directory', openDirectoryStorage(folder)],
    ['a bucket', openS3Storage(server.settings)],
  ] as const) {
    await measure(`into ${name}`, () => storage.put('file', noise(bytes)))
    await measure(`out of ${name}`, () => digestOf(storage.open('file')))
  }
} finally {
  await server.close()
  await rm(folder, { recursive: true })
}
