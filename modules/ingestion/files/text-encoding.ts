import { isUtf8 } from 'node:buffer'

const LF = 0x0a
/** Longest line that is buffered whole. Dataset files have no longer lines. */
const LONGEST_LINE = 16 << 20
/** A Hebrew letter in UTF-8. A line that has one is UTF-8, even with invalid bytes. */
const HEBREW_BYTE = 0xd7
/** The Hebrew letters of Windows-1255. */
const ALEPH = 0xe0
const TAV = 0xfa

/**
 * Converts a CSV to UTF-8. Hebrew files in another encoding use Windows-1255, and such lines are
 * converted. A line in neither encoding keeps its bytes, and its invalid characters count as
 * unreadable. Throws for UTF-16.
 */
export async function* toUtf8(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest: Buffer = Buffer.alloc(0)
  let isFirst = true
  for await (const chunk of chunks) {
    if (isFirst && chunk.length > 0) {
      assertNotUtf16(chunk)
      isFirst = false
    }
    const cut = chunk.lastIndexOf(LF) + 1
    if (cut === 0) {
      rest = Buffer.concat([rest, chunk])
      if (rest.length < LONGEST_LINE) continue
      yield convertLines(rest)
      rest = Buffer.alloc(0)
      continue
    }
    const lines = chunk.subarray(0, cut)
    if (rest.length === 0) yield convertLines(lines)
    else yield convertLines(Buffer.concat([rest, lines]))
    rest = Buffer.from(chunk.subarray(cut))
  }
  if (rest.length > 0) yield convertLines(rest)
}

function assertNotUtf16(chunk: Uint8Array): void {
  const [first, second] = chunk
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    throw new Error('Cannot read a file in UTF-16: save it as UTF-8')
}

function convertLines(lines: Uint8Array): Uint8Array {
  if (isUtf8(lines)) return lines
  const pieces: Uint8Array[] = []
  for (let from = 0; from < lines.length; ) {
    const lf = lines.indexOf(LF, from)
    const to = lf < 0 ? lines.length : lf + 1
    const line = lines.subarray(from, to)
    pieces.push(isUtf8(line) || !isWindows1255(line) ? line : fromWindows1255(line))
    from = to
  }
  return Buffer.concat(pieces)
}

/** Whether a line that is not valid UTF-8 has Hebrew letters of Windows-1255 and none of UTF-8. */
function isWindows1255(line: Uint8Array): boolean {
  let letters = 0
  for (let i = 0; i < line.length; i++) {
    const byte = line[i] as number
    const next = line[i + 1] ?? 0
    if (byte === HEBREW_BYTE && next >= 0x90 && next <= 0xaa) return false
    if (byte >= ALEPH && byte <= TAV) letters++
  }
  return letters > 0
}

function fromWindows1255(line: Uint8Array): Uint8Array {
  return Buffer.from(new TextDecoder('windows-1255').decode(line))
}
