/** Ctrl-C reaches us twice, from the terminal and through npm: only a later one means "now". */
const IMPATIENT_MS = 2000

/** Calls `stop` with the first signal that asks the process to end; a later one ends it at once. */
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
