/**
 * Ctrl-C arrives twice, from the terminal and through npm. Only a signal after this time counts as
 * the second one.
 */
const IMPATIENT_MS = 2000

/** Calls `stop` at the first stop signal. A later signal ends the process at once. */
export function onStopSignal(stop: (signal: NodeJS.Signals) => void): void {
  let since: number | undefined
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (since !== undefined && performance.now() - since > IMPATIENT_MS) process.exit(130)
      if (since !== undefined) return
      since = performance.now()
      stop(signal)
    })
  }
}
