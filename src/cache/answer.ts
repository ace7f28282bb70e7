/** An answer that can be sent again to identical requests. */
export type Answer = {
  body: Uint8Array<ArrayBuffer>
  /** `Headers`, because copying them into a response costs a fifth of what a plain object costs. */
  headers: Headers
}

/** The approximate size of an answer in memory. */
export function bytesOf({ body, headers }: Answer, key: string): number {
  let bytes = body.length + 2 * key.length + 500
  for (const [name, value] of headers) bytes += name.length + value.length
  return bytes
}

/** Serializes an answer: its headers as a line of JSON, then its body. */
export function pack({ body, headers }: Answer): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify([...headers])}\n`), body])
}

/** Parses a packed answer. Returns undefined when the bytes are not one. */
export function unpack(packed: Uint8Array): Answer | undefined {
  const end = packed.indexOf(10)
  try {
    const headers: [string, string][] = JSON.parse(
      new TextDecoder().decode(packed.subarray(0, end)),
    )
    return { headers: new Headers(headers), body: new Uint8Array(packed.subarray(end + 1)) }
  } catch {
    return undefined
  }
}
