/** A part of a file and whether it is the last. An empty file is one empty part. */
export type Part = { bytes: Uint8Array<ArrayBuffer>; last: boolean }

/**
 * Cuts a stream into parts of that size; the last one is what remains. Two buffers take turns: a
 * part is good until the next but one is asked for.
 */
export async function* cutIntoParts(
  body: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<Part> {
  let part = new Uint8Array(size)
  let other: Uint8Array<ArrayBuffer> | undefined
  let filled = 0
  for await (const chunk of body) {
    for (let at = 0; at < chunk.length; ) {
      if (filled === size) {
        yield { bytes: part, last: false }
        const emptied = other ?? new Uint8Array(size)
        other = part
        part = emptied
        filled = 0
      }
      const taken = chunk.subarray(at, at + size - filled)
      part.set(taken, filled)
      filled += taken.length
      at += taken.length
    }
  }
  yield { bytes: part.subarray(0, filled), last: true }
}
