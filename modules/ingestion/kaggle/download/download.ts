import { rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { failed, get, type Kaggle, readJson, type Wanted } from '../client/client.ts'
import { KaggleError } from '../client/kaggle-error.ts'
import type { Answer } from '../client/request.ts'
import { withRetries } from '../client/retry.ts'
import { assertSpace, makeFolder, md5Of, openAt, sizeOf, writeAt, writing } from './disk.ts'
import { isSameFile, type PartState, readPartState, stateOf, writePartState } from './part-state.ts'

/** A file to download: its target, and the partial file with its state. */
export type Target = {
  /** Its name in errors. */
  name: string
  /** Path below the API's address. */
  path: string
  query: Record<string, string | number>
  /** Identifies the file and version: a partial file of another one is not used. */
  identity: string
  to: string
  part: string
}

export type Work = { signal: AbortSignal; report: (done: number) => void }

/**
 * Downloads a file or the rest of it. A partial file is resumed with `Range` if length, ETag and
 * MD5 still match (the signed address may differ), else the download starts again. An existing file
 * is not requested. Returns whether Kaggle sent its MD5.
 * @throws KaggleError `BROKEN_FILE` when it fails Kaggle's length or MD5; it is then removed
 */
export async function download(
  kaggle: Kaggle,
  target: Target,
  work: Work,
): Promise<{ hashed: boolean }> {
  await makeFolder(dirname(target.part))
  await makeFolder(dirname(target.to))
  const before = await readPartState(target)
  if (before !== null && (await isThere(target.to))) return { hashed: before.md5 !== null }
  let furthest = 0
  const state = await withRetries(
    (progressed) =>
      fetchRest(kaggle, target, {
        signal: work.signal,
        onBytes: (at, bytes) => {
          // starting over is no progress
          if (at > furthest) progressed()
          furthest = Math.max(furthest, at)
          if (bytes !== null) work.report(at / bytes)
        },
      }),
    { ...kaggle, signal: work.signal },
  )
  if (state.md5 !== null && (await md5Of(target.part, work.signal)) !== state.md5) {
    await forget(target)
    throw new KaggleError(
      'BROKEN_FILE',
      `Cannot get ${target.name}: its MD5 is not the one that Kaggle says`,
    )
  }
  await writing(target.to, () => rename(target.part, target.to))
  return { hashed: state.md5 !== null }
}

/** Removes a file with its partial file and state. */
export async function forget({ to, part }: Target): Promise<void> {
  for (const path of [to, part, `${part}.json`])
    await writing(path, () => rm(path, { force: true }))
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}

type Fetching = { signal: AbortSignal; onBytes: (at: number, bytes: number | null) => void }

/** One connection: appends its bytes to the partial file. */
async function fetchRest(
  kaggle: Kaggle,
  target: Target,
  { signal, onBytes }: Fetching,
): Promise<PartState> {
  const known = await readPartState(target)
  const have = known === null ? 0 : await sizeOf(target.part)
  if (known !== null && have === known.bytes) return known
  const wanted = { ...target, headers: rangeFrom(known, have), signal }
  const answer = await get(kaggle, wanted)
  try {
    await assertFile(kaggle, wanted, answer)
    const state = stateOf(target.identity, answer)
    const resumed = answer.status === 206 && known !== null && isSameFile(known, state)
    if (answer.status !== 200 && !(resumed && startOf(answer) === have)) {
      await forget(target)
      return await fetchRest(kaggle, target, { signal, onBytes })
    }
    await assertSpace(dirname(target.part), (state.bytes ?? 0) - (resumed ? have : 0))
    await writePart(target, answer, { state, from: resumed ? have : 0, onBytes })
    return state
  } finally {
    await answer.close()
  }
}

function rangeFrom(known: PartState | null, have: number): Record<string, string> {
  if (known === null || have === 0 || !known.ranges || have > (known.bytes ?? 0)) return {}
  const { etag } = known
  return {
    range: `bytes=${have}-`,
    ...(etag === null || etag.startsWith('W/') ? {} : { 'if-range': etag }),
  }
}

/** The first byte of a partial response; NaN without a range. */
function startOf({ headers }: Answer): number {
  return Number(/^bytes (\d+)-/.exec(headers.get('content-range') ?? '')?.[1] ?? Number.NaN)
}

/**
 * An error inside a 200 is JSON or a page; the storage sends JSON only for a requested JSON file.
 */
async function assertFile(
  kaggle: Kaggle,
  wanted: Wanted,
  answer: Answer & { redirected: boolean },
): Promise<void> {
  const type = answer.headers.get('content-type') ?? ''
  const mayBeJson = answer.redirected && /\.json$/i.test(wanted.path)
  if (/^text\/html/i.test(type))
    throw failed(wanted, answer, 'BAD_ANSWER', 'it sent a web page instead of the file')
  if (mayBeJson || !/^application\/json/i.test(type)) return
  await readJson(kaggle, wanted, answer)
  throw failed(wanted, answer, 'BAD_ANSWER', 'it sent JSON instead of the file')
}

type Writing = { state: PartState; from: number; onBytes: Fetching['onBytes'] }

async function writePart(
  target: Target,
  answer: Answer,
  { state, from, onBytes }: Writing,
): Promise<void> {
  const file = await openAt(target.part, from)
  try {
    // the partial file is empty here or has the same state: a state never belongs to another file
    if (from === 0) await writePartState(target, state)
    let at = from
    for await (const chunk of answer.chunks) {
      if (state.bytes !== null && at + chunk.length > state.bytes) {
        await forget(target)
        throw failed(
          target,
          answer,
          'BROKEN_FILE',
          `it sent more than the ${state.bytes} bytes that it told of`,
        )
      }
      await writing(target.part, () => writeAt(file, chunk, at))
      at += chunk.length
      onBytes(at, state.bytes)
    }
    if (state.bytes !== null && at < state.bytes)
      throw failed(target, answer, 'DISCONNECTED', `it ended after ${at} of ${state.bytes} bytes`)
    await writing(target.part, () => file.sync())
  } finally {
    await file.close()
  }
}
