import { KaggleError } from './kaggle-error.ts'

/** A response whose body is streamed. It must be read to its end or closed. */
export type Answer = {
  status: number
  headers: Headers
  host: string
  chunks: AsyncIterable<Uint8Array>
  /** Closes the connection. */
  close(): Promise<void>
}

type Sending = {
  headers: Record<string, string>
  /** Longest time without a response or more of its body, in milliseconds. */
  silenceMs: number
  signal: AbortSignal
}

/**
 * One GET; redirects are returned. A slow reader of the body slows the sender down (only the
 * sockets' buffers are read ahead), and its time does not count as silence.
 * @throws KaggleError `DISCONNECTED`
 */
export async function request(url: URL, { headers, silenceMs, signal }: Sending): Promise<Answer> {
  const silence = new AbortController()
  const either = AbortSignal.any([signal, silence.signal])
  const waitFor = async <T>(work: Promise<T>): Promise<T> => {
    const timer = setTimeout(() => silence.abort(), silenceMs)
    try {
      return await work
    } catch (error) {
      signal.throwIfAborted()
      const reason = silence.signal.aborted
        ? `it sent nothing for ${silenceMs / 1000} s`
        : codeOf(error)
      throw new KaggleError('DISCONNECTED', `Cannot hear from ${url.host}: ${reason}`)
    } finally {
      clearTimeout(timer)
    }
  }
  const {
    status,
    headers: answered,
    body,
  } = await waitFor(fetch(url, { headers, redirect: 'manual', signal: either }))
  const reader = body?.getReader()
  const close = async () => reader?.cancel().catch(() => {})
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const next = reader && (await waitFor(reader.read()))
        if (next?.value === undefined) return
        yield next.value
      }
    } finally {
      await close()
    }
  }
  return { status, headers: answered, host: url.host, chunks: chunks(), close }
}

/** The message of a failed `fetch` may contain the address. */
function codeOf(error: unknown): string {
  const { code } = Object(error) as { code?: unknown }
  return typeof code === 'string' ? code : 'the connection broke'
}
