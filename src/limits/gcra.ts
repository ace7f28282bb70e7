/**
 * An allowance refills evenly. A caller may use all of it at once, and it is full again one minute
 * later.
 */
export const WINDOW_MS = 60_000

/** The result of a rate limit check. */
export type Verdict = {
  allowed: boolean
  /** The limit in plain reads per minute. */
  limit: number
  /** The number of plain reads that are possible now. */
  remaining: number
  /** The time until the allowance is full. */
  resetSeconds: number
  /** The time until this call would be allowed; 0 for an allowed call. */
  retrySeconds: number
}

export type Ask = { limit: number; cost: number }

/** The time to refill the cost of a call. A cost above the limit counts as the whole limit. */
export function priceMs({ limit, cost }: Ask): number {
  return (Math.min(cost, limit) * WINDOW_MS) / limit
}

/**
 * The generic cell rate algorithm. The only state per caller is the time until the allowance is
 * full.
 *
 * @param debtMs that time, with the cost of this call when it was allowed
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
