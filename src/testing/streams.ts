import { createHash } from 'node:crypto'

const BLOCK = Uint8Array.from({ length: 65_536 }, (_, i) => (i * 2_654_435_761) >>> 13)

/** `bytes` random bytes in chunks. `between` is called before each chunk with the bytes so far. */
export async function* noise(
  bytes: number,
  between: (sofar: number) => unknown = () => {},
  size = BLOCK.length,
): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes; at += size) {
    await between(at)
    const chunk = BLOCK.slice(0, Math.min(size, bytes - at))
    chunk.set(new TextEncoder().encode(`${at} `).subarray(0, chunk.length))
    yield chunk
  }
}

export async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text)
}

export async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const piece of stream) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

/** Length and digest of a stream from an offset. */
export async function digestOf(stream: AsyncIterable<Uint8Array>, from = 0): Promise<string> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of stream) {
    hash.update(chunk.subarray(Math.min(Math.max(0, from - bytes), chunk.length)))
    bytes += chunk.length
  }
  return `${Math.max(0, bytes - from)} ${hash.digest('hex')}`
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
