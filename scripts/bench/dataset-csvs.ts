import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import yauzl from 'yauzl'

/** The files that the ingestion reads, and those of them that are not promotions. */
export const ALL_CSVS = /^(price_full|price|store|promo_full|promo)_file_.+\.csv$/
export const PRICE_CSVS = /^(price_full|price|store)_file_.+\.csv$/
const CR = 13
const LF = 10

/**
 * The wanted files of dataset versions (directories, zips, or directories of zips) as plain files
 * that COPY can read: out of their zips, and with CRLF made LF, for COPY refuses a file that has
 * both. What can be read where it is, is not copied; the rest goes to `scratch`.
 */
export async function collectCsvs(
  paths: readonly string[],
  scratch: string,
  wanted = ALL_CSVS,
): Promise<string[]> {
  const found: string[] = []
  for (const path of await findVersions(paths)) {
    const folder = join(scratch, String(found.length))
    await mkdir(folder, { recursive: true })
    found.push(
      ...(path.endsWith('.zip')
        ? await fromZip(path, folder, wanted)
        : await fromFolder(path, folder, wanted)),
    )
  }
  if (found.length === 0) throw new Error(`Cannot find price files in ${paths.join(', ')}`)
  return found
}

/**
 * The versions at these paths: a zip or a directory of CSVs is one, any other directory holds some,
 * taken by name.
 */
async function findVersions(paths: readonly string[]): Promise<string[]> {
  const versions: string[] = []
  for (const path of paths) {
    const names = (await stat(path)).isDirectory() ? (await readdir(path)).sort() : []
    const isOne = names.length === 0 || names.some((name) => ALL_CSVS.test(name))
    versions.push(
      ...(isOne
        ? [path]
        : await findVersions(names.filter(mayBeVersion).map((name) => join(path, name)))),
    )
  }
  return versions
}

function mayBeVersion(name: string): boolean {
  return !/\.(json|py|md|csv)$/.test(name)
}

async function fromFolder(path: string, folder: string, wanted: RegExp): Promise<string[]> {
  const files: string[] = []
  for (const name of (await readdir(path)).filter((file) => wanted.test(file)).sort()) {
    const source = join(path, name)
    files.push(
      (await hasCarriageReturn(source))
        ? await write(createReadStream(source), join(folder, name))
        : source,
    )
  }
  return files
}

async function hasCarriageReturn(path: string): Promise<boolean> {
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    if ((chunk as Buffer).includes(CR)) return true
  }
  return false
}

async function fromZip(path: string, folder: string, wanted: RegExp): Promise<string[]> {
  const zip = await yauzl.openPromise(path)
  const files: string[] = []
  for await (const entry of zip.eachEntry()) {
    const name = basename(entry.fileName)
    if (wanted.test(name))
      files.push(await write(await zip.openReadStreamPromise(entry), join(folder, name)))
  }
  return files.sort()
}

async function write(from: Readable, to: string): Promise<string> {
  await pipeline(from, withLineFeeds, createWriteStream(to))
  return to
}

/** Removes every CR before an LF, also across two chunks. */
async function* withLineFeeds(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held = Buffer.alloc(0)
  for await (const chunk of chunks) {
    const bytes = Buffer.concat([held, chunk])
    const end = bytes.at(-1) === CR ? bytes.length - 1 : bytes.length
    held = bytes.subarray(end)
    yield dropCarriageReturns(bytes.subarray(0, end))
  }
  yield held
}

function dropCarriageReturns(bytes: Buffer): Buffer {
  if (!bytes.includes(CR)) return bytes
  return Buffer.from(bytes.filter((byte, at) => byte !== CR || bytes[at + 1] !== LF))
}
