import type { QueryWatch } from './observe-queries.ts'

/** The span of one request. */
export type RequestSpan = {
  traceId: string
  /** Runs `answer`. Its queries become child spans of this span. */
  run<T>(answer: () => T): T
  end(outcome: { method: string; route: string; status: number }): void
}

/**
 * Traces requests and their queries. Implemented by `tracing.ts`, which is loaded only when
 * configured.
 */
export type Tracer = {
  begin(request: Request): RequestSpan
  watch: QueryWatch
  /** Sends the remaining spans and stops. */
  close(): Promise<void>
}
