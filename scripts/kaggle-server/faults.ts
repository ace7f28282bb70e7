/**
 * Where a request arrives: the three calls of the API, and the storage that a download is
 * redirected to.
 */
export type Place = 'view' | 'list' | 'download' | 'storage'

/** A fault of the server, and which requests get it. */
export type Fault = {
  at: Place
  /** Only paths with this ending, such as a file's name. */
  path?: string
  /** Number of requests; one by default. */
  times?: number
  /** Answers with this status and `retryAfter`. */
  status?: number
  retryAfter?: string
  /** Answers 200 with an error in its JSON. */
  error?: { code: number; message: string }
  /** Answers 200 with a web page. */
  html?: boolean
  /** Redirects to this address instead of the storage. */
  redirect?: string
  /** Breaks the connection after this many bytes of the body. */
  cutAfter?: number
  /** Milliseconds to wait before the break, so that everything sent has been read. */
  pauseMs?: number
  /** Stalls after this many bytes of the body. */
  silentAfter?: number
  /** The most bytes per second. */
  bytesPerSecond?: number
  /** Serves this many bytes as if they were the whole file. */
  truncateTo?: number
  /** Inverts the byte at this position. */
  flipByteAt?: number
  /** Sends this MD5 instead, or none. */
  md5?: 'wrong' | 'none'
  /** Sends this length instead of the file's. */
  length?: number
  /** Ignores ranges: sends the whole file without `Accept-Ranges`. */
  ignoreRange?: boolean
  /** Tells the hash of the packed object that a file is stored as, and sends it unpacked. */
  storedPacked?: boolean
  /** Sends a single file inside a zip. */
  zipped?: boolean
}

/** The first fault that applies to a request; it is removed after its last use. */
export function takeFault(faults: Fault[], at: Place, path: string): Fault | undefined {
  const index = faults.findIndex((fault) => fault.at === at && path.endsWith(fault.path ?? ''))
  const fault = faults[index]
  if (fault === undefined) return undefined
  const left = (fault.times ?? 1) - 1
  if (left <= 0) faults.splice(index, 1)
  else faults[index] = { ...fault, times: left }
  return fault
}
