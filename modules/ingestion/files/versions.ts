import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { pipeline, type Readable } from 'node:stream'
import { crc32, createInflateRaw } from 'node:zlib'
import yauzl from 'yauzl'
import { readCsvName } from './source-file.ts'

/** A file of a version; `open` streams its bytes, from a zip without writing them to disk. */
export type VersionFile = { name: string; bytes: number; open(): AsyncIterable<Uint8Array> }

/**
 * A dataset version: a directory or a zip from Kaggle. `date` is the day that it covers, if known.
 */
export type Version = {
  name: string
  path: string
  date: string | null
  files: VersionFile[]
  close(): void
}

/** Opens a version and lists its files by name. The caller must close it. */
export async function openVersion(path: string): Promise<Version> {
  const fullPath = resolve(path)
  const opened = path.toLowerCase().endsWith('.zip')
    ? await openZip(fullPath)
    : await openDirectory(fullPath)
  opened.files.sort((a, b) => (a.name < b.name ? -1 : 1))
  const name = versionName(fullPath)
  const date = (await readIndexDate(opened.files)) ?? /^\d{4}-\d{2}-\d{2}$/.exec(name)?.[0] ?? null
  return { name, path: fullPath, date, ...opened }
}

/** The name of a version is that of its directory or zip. */
export function versionName(path: string): string {
  return basename(resolve(path)).replace(/\.zip$/i, '')
}

async function openDirectory(path: string): Promise<Pick<Version, 'files' | 'close'>> {
  const filesByEntry = await Promise.all(
    (await readdir(path)).map(async (name): Promise<VersionFile[]> => {
      const file = join(path, name)
      const info = await stat(file).catch((cause: Error) => cause)
      if (info instanceof Error) return readCsvName(name) === null ? [] : [unreadable(name, info)]
      if (info.isDirectory()) return []
      if (!info.isFile())
        return readCsvName(name) === null ? [] : [unreadable(name, new Error('it is not a file'))]
      const open = () => createReadStream(file, { highWaterMark: 1 << 20 })
      return [{ name, bytes: info.size, open: () => open() as AsyncIterable<Uint8Array> }]
    }),
  )
  return { files: filesByEntry.flat(), close: () => {} }
}

/** A dataset file that exists but cannot be opened. Reading it throws an error with its name. */
function unreadable(name: string, cause: Error): VersionFile {
  // biome-ignore lint/correctness/useYield: it only throws
  async function* open(): AsyncGenerator<Uint8Array> {
    throw new Error(`Cannot read ${name}: ${cause.message}`, { cause })
  }
  return { name, bytes: 0, open }
}

/** The files of a zip; its name does not matter. */
export async function openZip(path: string): Promise<Pick<Version, 'files' | 'close'>> {
  const zip = await new Promise<yauzl.ZipFile>((done, fail) => {
    yauzl.open(path, { lazyEntries: true, autoClose: false }, (error, opened) => {
      if (error) fail(new Error(`Cannot read ${path}: ${error.message}`, { cause: error }))
      else done(opened)
    })
  })
  const files: VersionFile[] = []
  await new Promise<void>((done, fail) => {
    zip.on('entry', (entry: yauzl.Entry) => {
      if (!entry.fileName.endsWith('/')) {
        files.push({
          name: basename(entry.fileName),
          bytes: entry.uncompressedSize,
          open: () => readEntry(zip, path, entry),
        })
      }
      zip.readEntry()
    })
    zip.once('end', done)
    zip.once('error', fail)
    zip.readEntry()
  })
  return { files, close: () => zip.close() }
}

const STORED = 0
const DEFLATED = 8
const READ_AHEAD = 1 << 18

/** Streams one file of a zip and checks its CRC-32 at the end. */
async function* readEntry(
  zip: yauzl.ZipFile,
  path: string,
  entry: yauzl.Entry,
): AsyncGenerator<Uint8Array> {
  const { compressionMethod, compressedSize, fileName } = entry
  const readable =
    (compressionMethod === STORED || compressionMethod === DEFLATED) && !entry.isEncrypted()
  if (!readable)
    throw new Error(
      `Cannot read ${fileName}: the zip holds it encrypted or in an unknown compression`,
    )
  const start = await new Promise<number>((done, fail) => {
    zip.readLocalFileHeader(entry, { minimal: true }, (error, header) =>
      error ? fail(error) : done(header.fileDataStart),
    )
  })
  if (compressedSize === 0) return
  const packed = createReadStream(path, {
    start,
    end: start + compressedSize - 1,
    highWaterMark: READ_AHEAD,
  })
  const stream: Readable =
    compressionMethod === DEFLATED
      ? pipeline(packed, createInflateRaw({ chunkSize: READ_AHEAD }), () => {})
      : packed
  let crc = 0
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    crc = crc32(chunk, crc)
    yield chunk
  }
  if (crc !== entry.crc32)
    throw new Error(`Cannot read ${fileName}: its bytes do not match the zip's checksum`)
}

/**
 * The newest day in `index.json` (`{"0":"YYYY-MM-DD HH:MM:SS", …}`); null without a readable day.
 */
async function readIndexDate(files: VersionFile[]): Promise<string | null> {
  const index = files.find((file) => file.name === 'index.json')
  if (index === undefined || index.bytes > 1 << 20) return null
  const pieces: Uint8Array[] = []
  try {
    for await (const piece of index.open()) pieces.push(piece)
    const moments = Object.values(
      JSON.parse(new TextDecoder().decode(Buffer.concat(pieces))) as Record<string, unknown>,
    )
    const days = moments.flatMap((moment) => /^\d{4}-\d{2}-\d{2}/.exec(String(moment))?.[0] ?? [])
    return days.sort().at(-1) ?? null
  } catch {
    return null
  }
}
