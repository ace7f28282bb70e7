/** An answer that can be given again: what was made once, for all who ask the same. */
export type Answer = {
  body: Uint8Array<ArrayBuffer>
  /** Copied into a response, they cost a fifth of what an object of names and values costs. */
  headers: Headers
}

/** Its size in memory, roughly. */
export function bytesOf({ body, headers }: Answer, key: string): number {
  let bytes = body.length + 2 * key.length + 500
  for (const [name, value] of headers) bytes += name.length + value.length
  return bytes
}

/** As one text after the other: its headers as a line of JSON, then its body. */
export function pack({ body, headers }: Answer): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify([...headers])}\n`), body])
}

/** Undefined for what is no packed answer. */
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
