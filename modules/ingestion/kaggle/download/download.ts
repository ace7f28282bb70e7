import { rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { failed, get, type Kaggle, readJson, type Wanted } from '../client/client.ts'
import { KaggleError } from '../client/kaggle-error.ts'
import type { Answer } from '../client/request.ts'
import { withRetries } from '../client/retry.ts'
import { assertSpace, makeFolder, md5Of, openAt, sizeOf, writeAt, writing } from './disk.ts'
import { isSameFile, type PartState, readPartState, stateOf, writePartState } from './part-state.ts'

/** A file to download, where it is to be, and where its part and the part's state are until it is whole. */
export type Target = {
  /** Its name in errors. */
  name: string
  /** Below the API's address. */
  path: string
  query: Record<string, string | number>
  /** What the part belongs to: a part of anything else is no use. */
  identity: string
  to: string
  part: string
}

export type Work = { signal: AbortSignal; report: (done: number) => void }

/**
 * Downloads a file, or the rest of it: what a broken connection or a killed process left goes on with `Range`, if it is
 * still the same file by its length, ETag and MD5 (the signed address may be another one), else from the beginning. A
 * file that is there already is not asked for. Returns whether Kaggle told its MD5.
 * @throws KaggleError `BROKEN_FILE` when it is not what Kaggle says of it; nothing is left of it then
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
          // a server that begins anew each time makes no progress
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

/** Removes a file that proved to be no use, and all that is known of it. */
export async function forget({ to, part }: Target): Promise<void> {
  for (const path of [to, part, `${part}.json`])
    await writing(path, () => rm(path, { force: true }))
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}

type Fetching = { signal: AbortSignal; onBytes: (at: number, bytes: number | null) => void }

/** One connection: appends what it brings to the part. */
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

/** Where a partial answer begins; NaN without a range. */
function startOf({ headers }: Answer): number {
  return Number(/^bytes (\d+)-/.exec(headers.get('content-range') ?? '')?.[1] ?? Number.NaN)
}

/** An error under a 200 comes as JSON or as a page, and never from the storage as the JSON file that was asked for. */
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
    // the part is empty here, or has the same state: a state never stands beside the part of another file
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
