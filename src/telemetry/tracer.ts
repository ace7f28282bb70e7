import type { QueryWatch } from './observe-queries.ts'

/** The span of one request. */
export type RequestSpan = {
  traceId: string
  /** Queries in here are spans below it. */
  run<T>(answer: () => T): T
  end(told: { method: string; route: string; status: number }): void
}

/** What makes traces of requests and their queries (`tracing.ts`, loaded where they are asked for). */
export type Tracer = {
  begin(request: Request): RequestSpan
  watch: QueryWatch
  /** Sends what was not sent yet. */
  close(): Promise<void>
}
