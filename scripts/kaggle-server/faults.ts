/** Where a request arrives: the three calls of the API, and the storage that a download is redirected to. */
export type Place = 'view' | 'list' | 'download' | 'storage'

/** How the server misbehaves, and to which requests. */
export type Fault = {
  at: Place
  /** Only paths that end so, such as a file's name. */
  path?: string
  /** So many requests; without it one. */
  times?: number
  /** Answers with that status, and `retryAfter`. */
  status?: number
  retryAfter?: string
  /** Answers 200 with an error in its JSON. */
  error?: { code: number; message: string }
  /** Answers 200 with a web page. */
  html?: boolean
  /** Redirects there instead of to the storage. */
  redirect?: string
  /** Breaks the connection after so many bytes of the body. */
  cutAfter?: number
  /** Waits so long before it does, so that they have all been read. */
  pauseMs?: number
  /** Says nothing more after so many bytes of the body. */
  silentAfter?: number
  /** No more bytes a second than that. */
  bytesPerSecond?: number
  /** Serves so many bytes as if they were the whole. */
  truncateTo?: number
  /** Turns that byte over. */
  flipByteAt?: number
  /** Tells another MD5, or none. */
  md5?: 'wrong' | 'none'
  /** Tells another length than that of the file. */
  length?: number
  /** Sends the whole, whatever range is asked for, and says nothing of ranges. */
  ignoreRange?: boolean
  /** Sends a single file as a zip of itself. */
  zipped?: boolean
}

/** The first fault that fits a request; it is used up with its last time. */
export function takeFault(faults: Fault[], at: Place, path: string): Fault | undefined {
  const index = faults.findIndex((fault) => fault.at === at && path.endsWith(fault.path ?? ''))
  const fault = faults[index]
  if (fault === undefined) return undefined
  const left = (fault.times ?? 1) - 1
  if (left <= 0) faults.splice(index, 1)
  else faults[index] = { ...fault, times: left }
  return fault
}
