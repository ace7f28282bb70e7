import { InterruptedError } from './interruption.ts'
import { LockLostError } from './lock.ts'

/** What went wrong, in its own words. */
export function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** A file's failure ends that file; the connection's, or an interruption, ends the run. */
export function endsRun(error: unknown): boolean {
  return error instanceof InterruptedError || isConnectionLoss(error)
}

function isConnectionLoss(error: unknown): boolean {
  const code = (error as { code?: unknown })?.code
  return (
    error instanceof Error &&
    (error instanceof LockLostError || /^(CONNECTION_|ECONN|57P0)/.test(String(code)))
  )
}
