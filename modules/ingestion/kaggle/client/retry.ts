import { setTimeout as sleep } from 'node:timers/promises'
import { isKaggleError } from './kaggle-error.ts'

const TRIES_AGAIN = 5
const LONGEST_WAIT_MS = 60_000
/** Longest accepted `Retry-After`. */
const LONGEST_PAUSE_MS = 600_000

/** Waiting and randomness; tests replace both. */
export type Patience = {
  sleep(ms: number, signal: AbortSignal): Promise<void>
  random(): number
}

export const PATIENCE: Patience = {
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
  random: Math.random,
}

/** Milliseconds before retry n (from 0): min(2^n + random, 60) s, or the server's `Retry-After`. */
export function waitMs(n: number, random: number, askedMs?: number): number {
  const own = Math.min((2 ** n + random) * 1000, LONGEST_WAIT_MS)
  return askedMs === undefined ? own : Math.min(askedMs, LONGEST_PAUSE_MS)
}

/**
 * `Retry-After`: seconds or an HTTP date, as milliseconds from now; undefined for anything else.
 */
export function readRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000
  const moment = Date.parse(header)
  return Number.isNaN(moment) ? undefined : Math.max(moment - now, 0)
}

type Retrying = {
  patience: Patience
  signal: AbortSignal
  onWait: (reason: string, ms: number) => void
}

/**
 * Retries after 429, 5xx and broken connections, up to five times in a row. An attempt that calls
 * `progressed` resets the count.
 */
export async function withRetries<T>(
  attempt: (progressed: () => void) => Promise<T>,
  { patience, signal, onWait }: Retrying,
): Promise<T> {
  let failures = 0
  const progressed = () => {
    failures = 0
  }
  for (;;) {
    try {
      return await attempt(progressed)
    } catch (error) {
      signal.throwIfAborted()
      if (!isKaggleError(error, 'BUSY', 'DISCONNECTED') || failures === TRIES_AGAIN) throw error
      const ms = waitMs(failures++, patience.random(), error.retryAfterMs)
      onWait(error.message, ms)
      await patience.sleep(ms, signal)
    }
  }
}
