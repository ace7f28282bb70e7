import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { Fault } from './faults.ts'
import { readZipped } from './read-zip.ts'
import type { ServedVersion } from './versions.ts'
import { zipOf } from './write-zip.ts'

/** The content stored at an address. */
export type Content = {
  type: string
  bytes: number
  modified: string
  md5(): Promise<Buffer>
  open(from: number): AsyncIterable<Uint8Array>
}

const hashes = new Map<string, Promise<Buffer>>()

/** The zip of a version or one of its files; undefined when the version has no such file. */
export async function contentOf(
  { path, bytes, created, files }: ServedVersion,
  file: string | null,
  fault: Fault = { at: 'storage' },
): Promise<Content | undefined> {
  const modified = new Date(created).toUTCString()
  if (file === null) {
    const end = Math.min(fault.truncateTo ?? bytes, bytes)
    const open = (from: number) =>
      createReadStream(path, { start: from, end: end - 1, highWaterMark: 1 << 16 })
    const key = `${path} ${end}`
    const hash = hashes.get(key) ?? md5Of(open(0))
    hashes.set(key, hash)
    return { type: 'application/zip', bytes: end, modified, md5: () => hash, open }
  }
  const entry = files.find(({ name }) => name === file)
  if (entry === undefined) return undefined
  const plain = await readZipped(path, entry)
  const whole = (fault.zipped ? zipOf({ [file]: plain }) : plain).subarray(0, fault.truncateTo)
  const type = fault.zipped
    ? 'application/zip'
    : file.endsWith('.json')
      ? 'application/json'
      : 'text/csv'
  async function* open(from: number) {
    yield whole.subarray(from)
  }
  return { type, bytes: whole.length, modified, md5: () => md5Of(open(0)), open }
}

async function md5Of(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const hash = createHash('md5')
  for await (const chunk of chunks) hash.update(chunk)
  return hash.digest()
}
