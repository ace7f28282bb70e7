import type { Logger } from '../../log.ts'
import type { RowWriter } from '../answer/csv.ts'
import type { ConcurrencyLimit } from '../concurrency-limit.ts'
import type { Page } from '../contract/page.ts'
import type { ReadContext, Reader } from '../contract/read-context.ts'
import { createRowCursor } from '../contract/row-cursor.ts'

export type ExportOptions = {
  open: Reader
  log: Logger
  /** Each export takes a slot of both limits. */
  limits: { exports: ConcurrencyLimit; database: ConcurrencyLimit }
  /** The maximum duration of an export. */
  timeoutMs: number
}

export type Export = {
  view: ReadContext
  /** The cursor for the next rows, when the list is longer than the row limit. */
  nextCursor: string | null
  body: ReadableStream<Uint8Array<ArrayBuffer>>
}

type Read = (view: ReadContext) => Promise<Page<object>>

/**
 * Creates a function that starts exports. Each export reads one snapshot at the speed of its
 * caller, with a few thousand rows in memory. Its transaction ends with the export, on disconnect
 * or on timeout. Errors before the first rows are thrown. Later errors break the stream, so that a
 * partial list does not look complete.
 *
 * @param to.maxRows the maximum number of rows; null for all
 */
export function createExports({ open, log, limits, timeoutMs }: ExportOptions) {
  return async (
    read: Read,
    to: {
      /** The name in the log. */
      name: string
      writerOf: (first: Page<object>) => RowWriter
      maxRows: number | null
      volatile: boolean
    },
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
    const view = { ...snapshot, walk: createRowCursor(snapshot.db, to.maxRows) }
    const next = () =>
      read(view).catch((error: unknown) => {
        held.reject(error)
        throw error
      })
    await snapshot.db`select set_config('statement_timeout', ${String(timeoutMs)}, true)`
    const first = await next()
    // a list that does not use the cursor is complete after the first page
    const rest = view.walk.isBegun() ? next : async () => ({ ...first, rows: [] })
    const writer = to.writerOf(first)
    const body = streamOf(writeAll(first, { next: rest, writer }), {
      timeoutMs,
      log: log.child({ export: to.name }),
      onEnd: held.resolve,
      cutChunk: writer.cut,
      isWaitedFor: () => limits.exports.now().waiting > 0,
    })
    return { view, nextCursor: first.nextCursor, body }
  }
}

/** Writes all pages. PostgreSQL reads the next page while this one is written. */
async function* writeAll(
  first: Page<object>,
  { next, writer }: { next: () => Promise<Page<object>>; writer: RowWriter },
) {
  let page = first
  while (page.rows.length > 0) {
    const following = next()
    // the error is handled at the `await` below
    following.catch(() => {})
    yield await writer.write(page.rows)
    page = await following
  }
  yield await writer.end()
}

type StreamOptions<T> = {
  timeoutMs: number
  log: Logger
  /** Called once at the end, also after an error. */
  onEnd: () => void
  /** The last chunk of a cut stream, when the format has one. */
  cutChunk?: ((reason: string) => T) | undefined
  /** Whether other exports wait for this slot. */
  isWaitedFor?: () => boolean
}

/** A reader that is idle for this time loses its slot when others wait. */
const IDLE_MS = 20_000
const CHECK_MS = 1000
/** The time for reading the last chunk of a cut stream. */
const LAST_CHUNK_MS = 10_000

/**
 * Streams chunks. The stream is cut after `timeoutMs`, or when its reader is idle while others
 * wait.
 */
export function streamOf<T>(
  chunks: AsyncGenerator<T>,
  { timeoutMs, log, onEnd, cutChunk, isWaitedFor = () => false }: StreamOptions<T>,
): ReadableStream<T> {
  let isOver = false
  let isCut = false
  let pulledAt = performance.now()
  let late: ReturnType<typeof setTimeout>
  let idle: ReturnType<typeof setInterval>
  const end = () => {
    isOver = true
    clearTimeout(late)
    clearInterval(idle)
    onEnd()
  }
  const fail = (controller: ReadableStreamDefaultController<T>, error: Error) => {
    if (isOver) return
    end()
    log.warn({ err: error }, 'Cannot finish an export')
    if (cutChunk === undefined) return controller.error(error)
    isCut = true
    controller.enqueue(cutChunk(error.message))
    late = setTimeout(() => controller.error(error), LAST_CHUNK_MS)
  }
  return new ReadableStream<T>({
    start: (controller) => {
      late = setTimeout(
        () => fail(controller, new Error(`it took longer than ${timeoutMs} ms`)),
        timeoutMs,
      )
      idle = setInterval(() => {
        if (performance.now() - pulledAt > IDLE_MS && isWaitedFor())
          fail(controller, new Error('it was read too slowly while others waited'))
      }, CHECK_MS)
    },
    pull: async (controller) => {
      pulledAt = performance.now()
      if (isCut) {
        clearTimeout(late)
        return controller.close()
      }
      try {
        const { value, done } = await chunks.next()
        if (isOver) return
        pulledAt = performance.now()
        if (!done) return controller.enqueue(value)
        end()
        controller.close()
      } catch (error) {
        fail(controller, error instanceof Error ? error : new Error(String(error)))
      }
    },
    cancel: () => {
      if (!isOver) log.info('An export was not read to its end: its caller went away')
      end()
    },
  })
}
