import { open } from 'node:fs/promises'
import { inflateRawSync } from 'node:zlib'

/** A file of a zip: its length and the position of its bytes. */
export type ZipEntry = {
  name: string
  bytes: number
  packed: number
  deflated: boolean
  header: number
}

const END_BYTES = 22

/**
 * Lists the files of a zip by its central directory. The server has a reader of its own, so that
 * what it serves does not stand or fall with the one that is tested. Zips without a comment and
 * below 4 GB.
 */
export async function listZip(path: string): Promise<ZipEntry[]> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const end = await readAt(file, size - END_BYTES, END_BYTES)
    const directory = await readAt(file, end.readUInt32LE(16), end.readUInt32LE(12))
    const entries: ZipEntry[] = []
    for (let at = 0; at < directory.length; ) {
      const [name, extra, comment] = [28, 30, 32].map((offset) =>
        directory.readUInt16LE(at + offset),
      )
      entries.push({
        name: directory.toString('utf8', at + 46, at + 46 + (name ?? 0)),
        bytes: directory.readUInt32LE(at + 24),
        packed: directory.readUInt32LE(at + 20),
        deflated: directory.readUInt16LE(at + 10) === 8,
        header: directory.readUInt32LE(at + 42),
      })
      at += 46 + (name ?? 0) + (extra ?? 0) + (comment ?? 0)
    }
    return entries
  } finally {
    await file.close()
  }
}

/** The content of one file of a zip. */
export async function readZipped(
  path: string,
  { header, packed, deflated }: ZipEntry,
): Promise<Buffer> {
  const file = await open(path)
  try {
    const local = await readAt(file, header, 30)
    const content = await readAt(
      file,
      header + 30 + local.readUInt16LE(26) + local.readUInt16LE(28),
      packed,
    )
    return deflated ? inflateRawSync(content) : content
  } finally {
    await file.close()
  }
}

async function readAt(
  file: Awaited<ReturnType<typeof open>>,
  at: number,
  bytes: number,
): Promise<Buffer> {
  const { buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, at)
  return buffer
}
