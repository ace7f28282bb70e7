import { InterruptedError } from './interruption.ts'
import { LockLostError } from './lock.ts'

/** The message of an error. */
export function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/**
 * Whether an error ends the run: a lost connection or an interruption does, an error of one file
 * does not.
 */
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
