import { open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '../../../src/log.ts'
import { readCsvName } from '../files/source-file.ts'
import { openVersion, openZip, type Version, type VersionFile } from '../files/versions.ts'
import { message } from '../runs/failure.ts'
import type { Kaggle } from './client/client.ts'
import { isKaggleError, KaggleError } from './client/kaggle-error.ts'
import { listFiles } from './dataset.ts'
import { DiskError, openAt, writeAt, writing } from './download/disk.ts'
import { download, forget, type Target } from './download/download.ts'
import type { VersionWork } from './whole-version.ts'

/**
 * Fetches a version file by file, one after the other (more at once run into Kaggle's limit), and
 * opens it. A CSV that cannot be had is one that cannot be read, and fails the version by its name.
 * Any other file that cannot be had is passed over with a warning: no price stands in it.
 */
export async function fetchFiles(kaggle: Kaggle, work: VersionWork, log: Logger): Promise<Version> {
  const listed = await Array.fromAsync(listFiles(kaggle, work.version, work))
  const all = listed.reduce((sum, { bytes }) => sum + bytes, 0)
  const missing: VersionFile[] = []
  const names = new Set<string>()
  let before = 0
  for (const file of listed) {
    const report = (done: number) => work.report((before + done * file.bytes) / Math.max(all, 1))
    const name = plainName(file.name)
    if (name === null || names.has(name)) {
      const reason = name === null ? 'that is no name of a file' : 'a file has its name already'
      log.warn({ reason: `Cannot get ${JSON.stringify(file.name)}: ${reason}` }, PASSED_OVER)
    } else {
      try {
        await fetchFile(kaggle, { path: file.name, name }, { ...work, report })
        names.add(name)
      } catch (error) {
        if (!isKaggleError(error, 'NOT_FOUND', 'FORBIDDEN', 'BROKEN_FILE', 'BAD_ANSWER'))
          throw error
        if (readCsvName(name) === null) log.warn({ reason: error.message }, PASSED_OVER)
        else missing.push({ name, bytes: file.bytes, open: () => failing(error) })
      }
    }
    before += file.bytes
  }
  if (names.size === 0)
    throw new KaggleError(
      'NOT_FOUND',
      `Cannot get version ${work.version} of ${kaggle.dataset}: none of its files is there`,
    )
  const { files, ...version } = await openVersion(join(work.folder, 'files'))
  return { ...version, files: [...files, ...missing].sort((a, b) => (a.name < b.name ? -1 : 1)) }
}

const PASSED_OVER = 'the version comes without a file'

/**
 * What a listed file is kept as: its name without its folders, as from a zip. Null for one that
 * would lead out of the version's folder, or be hidden there.
 */
function plainName(path: string): string | null {
  const parts = path.split('/')
  const name = parts.at(-1) ?? ''
  const leadsOut = parts.some((part) => part === '' || part === '.' || part === '..')
  return !leadsOut && /^[^./\\\p{Cc}][^/\\\p{Cc}]*$/u.test(name) ? name : null
}

// biome-ignore lint/correctness/useYield: there is nothing to read
async function* failing(error: Error): AsyncGenerator<Uint8Array> {
  throw error
}

async function fetchFile(
  kaggle: Kaggle,
  { path, name }: { path: string; name: string },
  work: VersionWork,
): Promise<void> {
  const target: Target = {
    name: `${path} of version ${work.version}`,
    path: `datasets/download/${kaggle.dataset}/${encodeURIComponent(path)}`,
    query: { datasetVersionNumber: work.version },
    identity: `${kaggle.dataset}/${work.version}/${path}`,
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

/** Replaces a zip by its only file. */
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
