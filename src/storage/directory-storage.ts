import { randomUUID } from 'node:crypto'
import type { Dirent } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { assertLength, cannot, NotStoredError } from './failure.ts'
import type { FileStorage, StoredFile } from './file-storage.ts'
import { assertFolder, assertKey } from './key.ts'

/**
 * Unfinished files with random names. They are on the same file system as the rest: a rename
 * publishes them at once.
 */
const INCOMING = '.incoming'
const READ_AHEAD = 1 << 18

/** Stores files in a directory, which is created with the first file. */
export function openDirectoryStorage(directory: string): FileStorage {
  const pathOf = (key: string) => join(directory, assertKey(key))

  async function put(
    key: string,
    body: AsyncIterable<Uint8Array>,
    { bytes }: { bytes?: number } = {},
  ) {
    const path = pathOf(key)
    const incoming = join(directory, INCOMING, randomUUID())
    try {
      await mkdir(dirname(incoming), { recursive: true })
      const written = await write(incoming, body)
      assertLength(written, bytes)
      await move(incoming, path)
      return written
    } catch (error) {
      // if this fails too, cleanUp removes it later
      await rm(incoming, { force: true }).catch(() => {})
      throw cannot(`keep ${key}`, directory, error)
    }
  }

  async function* openFile(key: string, { from = 0 }: { from?: number } = {}) {
    const path = pathOf(key)
    let file: FileHandle | undefined
    try {
      file = await open(path)
      if (!(await file.stat()).isFile()) throw new NotStoredError(key, directory)
      for (let at = from; ; ) {
        const buffer = new Uint8Array(READ_AHEAD)
        const { bytesRead } = await file.read(buffer, 0, READ_AHEAD, at)
        if (bytesRead === 0) return
        at += bytesRead
        yield buffer.subarray(0, bytesRead)
      }
    } catch (error) {
      if (isAbsent(error)) throw new NotStoredError(key, directory, { cause: error })
      throw error instanceof NotStoredError ? error : cannot(`read ${key}`, directory, error)
    } finally {
      await file?.close()
    }
  }

  async function statFile(key: string): Promise<StoredFile | null> {
    const path = pathOf(key)
    try {
      const info = await stat(path).catch(nullIfAbsent)
      return info?.isFile() ? { key, bytes: info.size, modified: info.mtime } : null
    } catch (error) {
      throw cannot(`find ${key}`, directory, error)
    }
  }

  /** Sorted like a bucket: by the bytes of the whole key. */
  async function* list(folder: string): AsyncGenerator<StoredFile> {
    const inside = await entriesOf(join(directory, assertFolder(folder))).catch((error) => {
      throw cannot(`list ${folder || 'the files'}`, directory, error)
    })
    const keys = inside.map((entry) => `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`)
    for (const key of keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))) {
      if (key.startsWith('.')) continue
      const file = key.endsWith('/') ? null : await statFile(key)
      if (file !== null) yield file
      else if (key.endsWith('/')) yield* list(key)
    }
  }

  async function remove(key: string): Promise<void> {
    const path = pathOf(key)
    try {
      await rm(path, { force: true })
      for (let folder = dirname(key); folder !== '.'; folder = dirname(folder))
        await rmdir(join(directory, folder))
    } catch (error) {
      if (!isAbsent(error) && !isInUse(error)) throw cannot(`remove ${key}`, directory, error)
    }
  }

  async function cleanUp(before: Date): Promise<number> {
    let found = 0
    try {
      for (const { name } of await entriesOf(join(directory, INCOMING))) {
        // another process may finish its put at this moment
        const path = join(directory, INCOMING, name)
        const info = await stat(path).catch(nullIfAbsent)
        if (info === null || info.mtime >= before) continue
        await rm(path, { force: true })
        found++
      }
      return found
    } catch (error) {
      throw cannot('clean up', directory, error)
    }
  }

  return { place: directory, put, open: openFile, stat: statFile, list, remove, cleanUp }
}

/**
 * Synced to disk before it returns: after a power cut no file may have its name without its bytes.
 */
async function write(path: string, body: AsyncIterable<Uint8Array>): Promise<number> {
  const file = await open(path, 'wx')
  let written = 0
  try {
    for await (const chunk of body) {
      for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten
      written += chunk.length
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return written
}

const TRIES = 5

/** A folder that a concurrent `remove` deleted as empty is created again. */
async function move(from: string, to: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await mkdir(dirname(to), { recursive: true })
      return await rename(from, to)
    } catch (error) {
      if (!isAbsent(error) || tries === TRIES) throw error
    }
  }
}

async function entriesOf(path: string): Promise<Dirent[]> {
  return (await readdir(path, { withFileTypes: true }).catch(nullIfAbsent)) ?? []
}

function nullIfAbsent(error: unknown): null {
  if (isAbsent(error)) return null
  throw error
}

/** ENOTDIR: its folder is a file. */
function isAbsent(error: unknown): boolean {
  return hasCode(error, /^(ENOENT|ENOTDIR)$/)
}

function isInUse(error: unknown): boolean {
  return hasCode(error, /^(ENOTEMPTY|EEXIST)$/)
}

function hasCode(error: unknown, codes: RegExp): boolean {
  return error instanceof Error && 'code' in error && codes.test(String(error.code))
}
