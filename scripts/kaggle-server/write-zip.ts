import { crc32, deflateRawSync } from 'node:zlib'

type CrcOf = (name: string, crc: number) => number

/** A zip as Kaggle serves a dataset version. `crcOf` may lie about a file's checksum. */
export function zipOf(files: Record<string, string | Uint8Array>, crcOf?: CrcOf): Buffer {
  return Buffer.concat([...zipPieces(Object.entries(files), crcOf === undefined ? {} : { crcOf })])
}

/**
 * The same piece by piece: deflated files, the central directory, its end
 * (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3), below 4 GB. `level` is
 * zlib's.
 */
export function* zipPieces(
  files: Iterable<[name: string, content: string | Uint8Array]>,
  { crcOf = (_, crc) => crc, level = -1 }: { crcOf?: CrcOf; level?: number },
): Generator<Buffer> {
  const directory: Buffer[] = []
  let at = 0
  for (const [name, content] of files) {
    const plain = Buffer.from(content)
    const packed = deflateRawSync(plain, { level })
    const entry = {
      name: Buffer.from(name),
      crc: crcOf(name, crc32(plain)),
      packed: packed.length,
      plain: plain.length,
    }
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common(entry), entry.name, packed])
    const trailer = Buffer.alloc(14)
    trailer.writeUInt32LE(at, 10)
    directory.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common(entry), trailer, entry.name]),
    )
    yield local
    at += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06')
  end.writeUInt16LE(directory.length, 8)
  end.writeUInt16LE(directory.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(at, 16)
  yield central
  yield end
}

/**
 * Fields shared by the local header and the central directory: 26 bytes from "version needed" on.
 */
function common(entry: { name: Buffer; crc: number; packed: number; plain: number }): Buffer {
  const header = Buffer.alloc(26)
  header.writeUInt16LE(20, 0)
  header.writeUInt16LE(0x800, 2) // names are UTF-8
  header.writeUInt16LE(8, 4) // deflate
  header.writeUInt16LE(0x21, 8) // 1 January 1980
  header.writeUInt32LE(entry.crc, 10)
  header.writeUInt32LE(entry.packed, 14)
  header.writeUInt32LE(entry.plain, 18)
  header.writeUInt16LE(entry.name.length, 22)
  return header
}
