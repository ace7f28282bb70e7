import type { Logger } from '../../log.ts'
import type { RowWriter } from '../answer/csv.ts'
import type { ConcurrencyLimit } from '../concurrency-limit.ts'
import type { Page } from '../contract/page.ts'
import type { ReadContext, Reader } from '../contract/read-context.ts'
import { createRowCursor } from '../contract/row-cursor.ts'

export type ExportOptions = {
  open: Reader
  log: Logger
  /** Each export takes a slot of both. */
  limits: { exports: ConcurrencyLimit; database: ConcurrencyLimit }
  /** How long one may take in all. */
  timeoutMs: number
}

export type Export = {
  view: ReadContext
  /** From where to go on, when there are more rows than it may have. */
  nextCursor: string | null
  body: ReadableStream<Uint8Array<ArrayBuffer>>
}

type Read = (view: ReadContext) => Promise<Page<object>>

/**
 * Begins whole lists, each read in one snapshot as fast as its caller takes it, with some thousand rows in memory at a
 * time. Its transaction ends with it, or when the caller goes away, or takes too long. What goes wrong before the first
 * rows are there is thrown; later it breaks the stream, so that the half is not taken for the whole.
 *
 * @param most rows; null for all
 */
export function createExports({ open, log, limits, timeoutMs }: ExportOptions) {
  return async (
    read: Read,
    to: { writerOf: (first: Page<object>) => RowWriter; most: number | null; volatile: boolean },
  ): Promise<Export> => {
    const opened = Promise.withResolvers<ReadContext>()
    const held = Promise.withResolvers<void>()
    const hold = (view: ReadContext) => {
      opened.resolve(view)
      return held.promise
    }
    const inDatabase = () =>
      limits.database.take(() => open(hold, { volatile: to.volatile, inTransaction: true }))
    limits.exports.take(inDatabase).catch(opened.reject)
    const snapshot = await opened.promise
    const view = { ...snapshot, walk: createRowCursor(snapshot.db, to.most) }
    const next = () =>
      read(view).catch((error: unknown) => {
        held.reject(error)
        throw error
      })
    await snapshot.db`select set_config('statement_timeout', ${String(timeoutMs)}, true)`
    const first = await next()
    // what is no list of the database's is whole at once
    const rest = view.walk.isBegun() ? next : async () => ({ ...first, rows: [] })
    const body = streamOf(writeAll(first, { next: rest, writer: to.writerOf(first) }), {
      timeoutMs,
      log,
      onEnd: held.resolve,
    })
    return { view, nextCursor: first.nextCursor, body }
  }
}

/** PostgreSQL reads the next rows while these are written. */
async function* writeAll(
  first: Page<object>,
  { next, writer }: { next: () => Promise<Page<object>>; writer: RowWriter },
) {
  let page = first
  while (page.rows.length > 0) {
    const following = next()
    // it is told where it is awaited
    following.catch(() => {})
    yield await writer.write(page.rows)
    page = await following
  }
  yield await writer.end()
}

/** What is made bit by bit, as a stream that breaks after `timeoutMs`; `onEnd` however it ends. */
export function streamOf<T>(
  chunks: AsyncGenerator<T>,
  { timeoutMs, log, onEnd }: { timeoutMs: number; log: Logger; onEnd: () => void },
): ReadableStream<T> {
  let isOver = false
  let late: ReturnType<typeof setTimeout>
  const end = () => {
    isOver = true
    clearTimeout(late)
    onEnd()
  }
  const fail = (controller: ReadableStreamDefaultController<T>, error: unknown) => {
    if (isOver) return
    end()
    log.warn({ err: error }, 'Cannot finish an export')
    controller.error(error)
  }
  return new ReadableStream<T>({
    start: (controller) => {
      late = setTimeout(
        () => fail(controller, new Error(`it took longer than ${timeoutMs} ms`)),
        timeoutMs,
      )
    },
    pull: async (controller) => {
      try {
        const { value, done } = await chunks.next()
        if (isOver) return
        if (!done) return controller.enqueue(value)
        end()
        controller.close()
      } catch (error) {
        fail(controller, error)
      }
    },
    cancel: end,
  })
}
