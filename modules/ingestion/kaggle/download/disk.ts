import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, stat, statfs } from 'node:fs/promises'

/** A failure of the disk, not of the data. */
export class DiskError extends Error {}

/** @throws DiskError such as `Cannot write PATH: no space left on device` when it cannot be done */
export async function writing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    throw new DiskError(`Cannot write ${path}: ${/^E[A-Z0-9]+: ([^,]+)/.exec(said)?.[1] ?? said}`, {
      cause: error,
    })
  }
}

export async function makeFolder(path: string): Promise<void> {
  await writing(path, () => mkdir(path, { recursive: true }))
}

/** Opens a file for writing at an offset; bytes before it stay. */
export function openAt(path: string, from: number): Promise<FileHandle> {
  return writing(path, () => open(path, from === 0 ? 'w' : 'r+'))
}

/** Writes all of the bytes at an offset. */
export async function writeAt(file: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten
  }
}

/** Checks that this many bytes fit before writing: a full disk would stop a database on it too. */
export async function assertSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  if (bytes <= bavail * bsize) return
  const megabytes = (count: number) => `${Math.ceil(count / 1e6).toLocaleString('en-US')} MB`
  throw new DiskError(
    `Cannot write to ${folder}: ${megabytes(bytes)} are needed, ${megabytes(bavail * bsize)} are free`,
  )
}

/** 0 for a missing file. */
export async function sizeOf(path: string): Promise<number> {
  const info = await stat(path).catch(() => null)
  return info?.size ?? 0
}

/** The MD5 of a file in base64, as in `x-goog-hash`. */
export async function md5Of(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('md5')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal }))
    hash.update(chunk)
  return hash.digest('base64')
}
