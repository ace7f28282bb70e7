import { open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '../../../src/log.ts'
import { readCsvName } from '../files/source-file.ts'
import { openVersion, openZip, type Version, type VersionFile } from '../files/versions.ts'
import { message } from '../runs/failure.ts'
import type { Kaggle } from './client/client.ts'
import { isKaggleError, KaggleError } from './client/kaggle-error.ts'
import { type ListedFile, listFiles } from './dataset.ts'
import { DiskError, openAt, writeAt, writing } from './download/disk.ts'
import { download, forget, type Target } from './download/download.ts'
import type { VersionWork } from './whole-version.ts'

/**
 * Fetches a version file by file, one after the other (more at once run into Kaggle's limit), and opens it. A CSV that
 * is listed and cannot be found is one that cannot be read; without any other file the version is whole enough.
 */
export async function fetchFiles(kaggle: Kaggle, work: VersionWork, log: Logger): Promise<Version> {
  const listed = await Array.fromAsync(listFiles(kaggle, work.version, work))
  const all = listed.reduce((sum, { bytes }) => sum + bytes, 0)
  const missing: VersionFile[] = []
  let found = 0
  let before = 0
  for (const file of listed) {
    const report = (done: number) => work.report((before + done * file.bytes) / Math.max(all, 1))
    try {
      await fetchFile(kaggle, file, { ...work, report })
      found++
    } catch (error) {
      if (!isKaggleError(error, 'NOT_FOUND')) throw error
      if (readCsvName(file.name) === null)
        log.warn({ reason: error.message }, 'the version comes without a file')
      else missing.push({ name: file.name, bytes: file.bytes, open: () => failing(error) })
    }
    before += file.bytes
  }
  if (found === 0)
    throw new KaggleError(
      'NOT_FOUND',
      `Cannot get version ${work.version} of ${kaggle.dataset}: none of its files is there`,
    )
  const { files, ...version } = await openVersion(join(work.folder, 'files'))
  return { ...version, files: [...files, ...missing].sort((a, b) => (a.name < b.name ? -1 : 1)) }
}

// biome-ignore lint/correctness/useYield: there is nothing to read
async function* failing(error: Error): AsyncGenerator<Uint8Array> {
  throw error
}

async function fetchFile(kaggle: Kaggle, { name }: ListedFile, work: VersionWork): Promise<void> {
  // it must not lead out of the folder
  if (!/^[^./\\\p{Cc}][^/\\\p{Cc}]*$/u.test(name))
    throw new KaggleError(
      'BAD_ANSWER',
      `Cannot get ${JSON.stringify(name)}: that is no name of a file`,
    )
  const target: Target = {
    name: `${name} of version ${work.version}`,
    path: `datasets/download/${kaggle.dataset}/${encodeURIComponent(name)}`,
    query: { datasetVersionNumber: work.version },
    identity: `${kaggle.dataset}/${work.version}/${name}`,
    to: join(work.folder, 'files', name),
    part: join(work.folder, 'parts/files', name),
  }
  const fetchOnce = async () => {
    await download(kaggle, target, work)
    if (!name.endsWith('.zip') && (await beginsLikeZip(target.to))) await unpack(target)
  }
  try {
    await fetchOnce()
  } catch (error) {
    if (!isKaggleError(error, 'BROKEN_FILE')) throw error
    await fetchOnce()
  }
}

async function beginsLikeZip(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0)
    return buffer.toString('latin1', 0, bytesRead) === 'PK\x03\x04'
  } finally {
    await file.close()
  }
}

/** Puts the one file of a zip into the zip's place. */
async function unpack(target: Target): Promise<void> {
  const plain = `${target.part}.plain`
  try {
    const zip = await openZip(target.to)
    try {
      const [file, ...more] = zip.files
      if (file === undefined || more.length > 0)
        throw new Error(`it holds ${zip.files.length} files`)
      await copy(file, plain)
    } finally {
      zip.close()
    }
  } catch (error) {
    if (error instanceof DiskError) throw error
    await forget(target)
    throw new KaggleError(
      'BROKEN_FILE',
      `Cannot use ${target.name}: its zip is broken (${message(error)})`,
    )
  }
  await writing(target.to, () => rename(plain, target.to))
}

async function copy(from: VersionFile, path: string): Promise<void> {
  const to = await openAt(path, 0)
  try {
    let at = 0
    for await (const chunk of from.open()) {
      await writing(path, () => writeAt(to, chunk, at))
      at += chunk.length
    }
  } finally {
    await to.close()
  }
}
