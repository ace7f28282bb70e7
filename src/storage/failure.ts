/** No file has this key. */
export class NotStoredError extends Error {
  override name = 'NotStoredError'
  constructor(key: string, place: string, options?: ErrorOptions) {
    super(`Cannot read ${key} in ${place}: there is no such file`, options)
  }
}

/** Such as `Cannot keep raw/x.csv in /data/files: no space left on device`. */
export function cannot(doing: string, place: string, cause: unknown): Error {
  return new Error(`Cannot ${doing} in ${place}: ${reasonOf(cause)}`, { cause })
}

/**
 * The system's message without its error code and call (`ENOSPC: no space left on device, write`).
 */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  return /^E[A-Z0-9]+: (.+?), [a-z]+( '.*')?/s.exec(cause.message)?.[1] ?? cause.message
}

/** Checks that a body has the declared length. */
export function assertLength(written: number, bytes: number | undefined): void {
  if (bytes !== undefined && written !== bytes)
    throw new Error(`it has ${written} bytes instead of ${bytes}`)
}
