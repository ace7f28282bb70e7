import { readFile, writeFile } from 'node:fs/promises'
import type { Answer } from '../client/request.ts'
import { writing } from './disk.ts'

/** The state of a partial file, stored beside it as `PART.json`. It holds no address. */
export type PartState = {
  identity: string
  /** Length of the whole file; null when the server does not send it. */
  bytes: number | null
  etag: string | null
  /** In base64. */
  md5: string | null
  /** Whether the server supports ranges. */
  ranges: boolean
}

/** The state of the whole file from a full or partial response. */
export function stateOf(identity: string, { status, headers }: Answer): PartState {
  // a compressed transfer has another length and hash than the file
  const packed = isEncoded(headers.get('content-encoding'))
  // the storage keeps some files packed and sends them unpacked: its hash is that of the packed
  // ones
  const unpacked =
    isEncoded(headers.get('x-goog-stored-content-encoding')) ||
    /^214\b/.test(headers.get('warning') ?? '')
  const length =
    status === 200
      ? headers.get('content-length')
      : /\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1]
  return {
    identity,
    bytes: packed || !/^\d+$/.test(length ?? '') ? null : Number(length),
    etag: headers.get('etag'),
    md5:
      packed || unpacked
        ? null
        : (/(?:^|[,\s])md5=([\w+/]+=*)/.exec(headers.get('x-goog-hash') ?? '')?.[1] ?? null),
    ranges: !packed && !unpacked && (status === 206 || headers.get('accept-ranges') === 'bytes'),
  }
}

function isEncoded(encoding: string | null): boolean {
  return (encoding ?? 'identity') !== 'identity'
}

/**
 * Whether two responses are of one file: both know its length, and nothing known to both differs.
 */
export function isSameFile(a: PartState, b: PartState): boolean {
  const agree = (x: string | null, y: string | null) => x === null || y === null || x === y
  return a.bytes !== null && a.bytes === b.bytes && agree(a.etag, b.etag) && agree(a.md5, b.md5)
}

type Part = { part: string; identity: string }

/** Null without a readable state, or for the state of another file. */
export async function readPartState({ part, identity }: Part): Promise<PartState | null> {
  try {
    const state = JSON.parse(await readFile(`${part}.json`, 'utf8')) as PartState
    return state.identity === identity ? state : null
  } catch {
    return null
  }
}

export async function writePartState({ part }: Part, state: PartState): Promise<void> {
  await writing(part, () => writeFile(`${part}.json`, JSON.stringify(state)))
}
