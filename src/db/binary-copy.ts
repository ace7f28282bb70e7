import { once } from 'node:events'
import type { Db } from './connect.ts'

/**
 * PostgreSQL's binary COPY format (https://www.postgresql.org/docs/current/sql-copy.html, "Binary
 * Format"), for the few column types of bulk transfers. It avoids converting values to text.
 */
const SIGNATURE = Uint8Array.from([
  0x50, 0x47, 0x43, 0x4f, 0x50, 0x59, 0x0a, 0xff, 0x0d, 0x0a, 0, 0, 0, 0, 0, 0, 0, 0, 0,
])
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1)
const TWO_32 = 4_294_967_296
const CHUNK = 256 * 1024
/**
 * A COPY without progress for this time fails, because a refused COPY can leave the stream waiting
 * for ever.
 */
const STALLED_MS = 120_000

/** Writes a row: one call per column, in the order of the columns. */
export type RowWriter = {
  row(columns: number): void
  int4(value: number): void
  /** A timestamp in epoch milliseconds; an infinite one becomes null. */
  moment(epochMs: number): void
}

/**
 * Runs `copy … from stdin (format binary)`. `rows` writes every row, and a `yield` between rows
 * sends the written data. Values must be valid for their columns: a refused row fails the
 * transaction.
 */
export async function copyIn(
  db: Db,
  statement: string,
  rows: (to: RowWriter) => Iterable<void>,
): Promise<void> {
  const stream = await db.unsafe(`${statement} from stdin (format binary)`).writable()
  let chunk = new DataView(new ArrayBuffer(CHUNK))
  let used = 0
  new Uint8Array(chunk.buffer).set(SIGNATURE)
  used = SIGNATURE.length
  const writer: RowWriter = {
    row(columns) {
      chunk.setInt16(used, columns)
      used += 2
    },
    int4(value) {
      chunk.setInt32(used, 4)
      chunk.setInt32(used + 4, value)
      used += 8
    },
    moment(epochMs) {
      if (!Number.isFinite(epochMs)) {
        chunk.setInt32(used, -1)
        used += 4
        return
      }
      const micros = (epochMs - POSTGRES_EPOCH_MS) * 1000
      chunk.setInt32(used, 8)
      chunk.setInt32(used + 4, Math.floor(micros / TWO_32))
      chunk.setUint32(used + 8, micros >>> 0)
      used += 12
    },
  }
  const failed = new Promise<never>((_, reject) => stream.once('error', reject))
  failed.catch(() => {})
  const send = async (last: boolean) => {
    const bytes = Buffer.from(chunk.buffer, 0, used)
    chunk = new DataView(new ArrayBuffer(CHUNK))
    used = 0
    if (last) {
      const finished = once(stream, 'finish')
      stream.end(bytes)
      await withinTime(Promise.race([finished, failed]), statement)
    } else if (!stream.write(bytes)) {
      await withinTime(Promise.race([once(stream, 'drain'), failed]), statement)
    }
  }
  for (const _ of rows(writer)) if (used > CHUNK - 4096) await send(false)
  chunk.setInt16(used, -1)
  used += 2
  await send(true)
}

async function withinTime<T>(work: Promise<T>, statement: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const stalled = new Promise<never>((_, reject) => {
    const error = new Error(`Cannot ${statement}: no progress for ${STALLED_MS / 1000} s`)
    timer = setTimeout(() => reject(error), STALLED_MS)
  })
  try {
    return await Promise.race([work, stalled])
  } finally {
    clearTimeout(timer)
  }
}

/** Reads a row: one call per column, in the order of the query. */
export type RowReader = {
  int4(): number
  /** An integer within the safe range of `number`. */
  int8(): number
  /** A timestamp in epoch milliseconds; null is read as Infinity. */
  moment(): number
  /** Raw bytes, valid until the next row is read. */
  bytes(): DataView
}

/**
 * Runs `copy (query) to stdout (format binary)` and calls `onRow` for every row, which must read
 * all its columns. The stream is read by events, because with `for await` postgres.js pauses its
 * socket and does not resume it on Bun.
 */
export async function copyOut(
  db: Db,
  query: string,
  onRow: (from: RowReader) => void,
): Promise<number> {
  const stream = await db.unsafe(`copy (${query}) to stdout (format binary)`).readable()
  let bytes: Buffer = Buffer.alloc(0)
  let at = 0
  let count = 0
  let started = false
  const reader: RowReader = {
    int4() {
      at += 8
      return bytes.readInt32BE(at - 4)
    },
    int8() {
      at += 12
      return bytes.readInt32BE(at - 8) * TWO_32 + bytes.readUInt32BE(at - 4)
    },
    moment() {
      at += 4
      if (bytes.readInt32BE(at - 4) < 0) return Number.POSITIVE_INFINITY
      at += 8
      return (
        (bytes.readInt32BE(at - 8) * TWO_32 + bytes.readUInt32BE(at - 4)) / 1000 + POSTGRES_EPOCH_MS
      )
    },
    bytes() {
      const from = at + 4
      at = from + bytes.readInt32BE(at)
      return new DataView(bytes.buffer, bytes.byteOffset + from, at - from)
    },
  }
  const take = (piece: Buffer) => {
    bytes = at === bytes.length ? piece : Buffer.concat([bytes.subarray(at), piece])
    at = 0
    if (!started) {
      if (bytes.length < SIGNATURE.length) return
      at = SIGNATURE.length
      started = true
    }
    for (let end = rowEnd(bytes, at); end > 0; end = rowEnd(bytes, at)) {
      at += 2
      onRow(reader)
      if (at !== end)
        throw new Error(`Cannot read rows of "${query}": a row's columns do not match its reader`)
      count++
    }
  }
  await new Promise<void>((resolve, reject) => {
    stream.on('error', reject)
    stream.on('end', () => {
      // postgres.js pauses its socket when a chunk fills the stream, and resumes it at the next
      // read. After the last chunk there is no read, so the connection would never receive the next
      // answer.
      stream._read(0)
      resolve()
    })
    stream.on('close', () =>
      reject(new Error(`Cannot read rows of "${query}": the connection was closed`)),
    )
    stream.on('data', (piece: Buffer) => {
      try {
        take(piece)
      } catch (error) {
        stream.destroy()
        reject(error)
      }
    })
  })
  return count
}

/** Returns the end of the row that begins at `at`, or 0 when it is incomplete or the trailer. */
function rowEnd(bytes: Buffer, at: number): number {
  if (at + 2 > bytes.length) return 0
  const columns = bytes.readInt16BE(at)
  if (columns < 0) return 0
  let end = at + 2
  for (let c = 0; c < columns; c++) {
    if (end + 4 > bytes.length) return 0
    end += 4 + Math.max(0, bytes.readInt32BE(end))
  }
  return end <= bytes.length ? end : 0
}
