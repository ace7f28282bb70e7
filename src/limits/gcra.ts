/** A caller's allowance refills evenly: what a minute allows may be taken at once, and is whole again a minute later. */
export const WINDOW_MS = 60_000

/** What came of asking for a call. */
export type Verdict = {
  allowed: boolean
  /** Plain reads a minute. */
  limit: number
  /** Plain reads that could be made now. */
  remaining: number
  /** Until the allowance is whole. */
  resetSeconds: number
  /** Until this call would be allowed; 0 for one that is. */
  retrySeconds: number
}

export type Ask = { limit: number; cost: number }

/** How long it takes to refill what a call takes: one that costs more than a minute allows takes all of it. */
export function priceMs({ limit, cost }: Ask): number {
  return (Math.min(cost, limit) * WINDOW_MS) / limit
}

/**
 * The generic cell rate algorithm: of a caller only the time is kept that it takes to refill what was taken.
 *
 * @param debtMs that time, after the call where it was allowed
 */
export function judge(allowed: boolean, debtMs: number, ask: Ask): Verdict {
  const { limit } = ask
  return {
    allowed,
    limit,
    remaining: Math.max(0, Math.floor(((WINDOW_MS - debtMs) * limit) / WINDOW_MS + 1e-6)),
    resetSeconds: Math.ceil(debtMs / 1000),
    retrySeconds: allowed ? 0 : Math.ceil((debtMs + priceMs(ask) - WINDOW_MS) / 1000),
  }
}
