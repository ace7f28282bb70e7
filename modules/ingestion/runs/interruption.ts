import { connect } from '../../../src/db/connect.ts'

/** The run was asked to stop, for example by a signal to its process. */
export class InterruptedError extends Error {
  constructor(reason: unknown) {
    const by = typeof reason === 'string' ? ` by ${reason}` : ''
    super(
      `Interrupted${by}: what was read and published stays, and the next run goes on from there`,
    )
  }
}

/** Milliseconds to stage a block, or to publish a day's changes. */
const GRACE_MS = 5000

/**
 * Returns a signal that aborts with an `InterruptedError` when `stopSignal` aborts; long work
 * checks it between steps. Calls `breakOff` after `GRACE_MS` (docs/adr/0011-interrupted-runs.md).
 * `ended` ends the watch.
 */
export function watchInterruption(
  stopSignal: AbortSignal | undefined,
  breakOff: (error: InterruptedError) => void,
): { signal: AbortSignal; ended(): void } {
  const interrupted = new AbortController()
  let late: ReturnType<typeof setTimeout> | undefined
  const stop = () => {
    const error = new InterruptedError(stopSignal?.reason)
    interrupted.abort(error)
    late = setTimeout(() => breakOff(error), GRACE_MS)
  }
  if (stopSignal?.aborted) stop()
  stopSignal?.addEventListener('abort', stop)
  const ended = () => {
    stopSignal?.removeEventListener('abort', stop)
    clearTimeout(late)
  }
  return { signal: interrupted.signal, ended }
}

/** Ends a run's session on the server, which rolls back its transaction and releases its lock. */
export async function endSession(url: string, backendPid: number): Promise<void> {
  const db = connect(url, { max: 1, name: 'super-zol ingest end' })
  try {
    await db`select pg_terminate_backend(${backendPid})`
  } finally {
    await db.end({ timeout: 1 })
  }
}

/** The chunks; throws when `signal` aborts. */
export async function* stoppable(
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    signal.throwIfAborted()
    yield chunk
  }
}
