import { assertLength, cannot, NotStoredError } from './failure.ts'
import type { FileStorage, StoredFile } from './file-storage.ts'
import { assertFolder, assertKey } from './key.ts'
import { cutIntoParts } from './parts.ts'
import { openRequests, PATIENCE, S3Error, type S3Patience, type S3Settings } from './s3-requests.ts'
import { beginUpload, type Upload } from './s3-upload.ts'
import { readElement, readElements, readRequired } from './s3-xml.ts'

/**
 * Size of the parts of a transfer; two of them are in memory. S3 takes 10,000 parts: 78 GiB per
 * file.
 */
const PIECE = 8 << 20
const PAGE = 1000

/** Stores files in an existing bucket of any S3-compatible storage. */
export function openS3Storage(settings: S3Settings, patience: S3Patience = PATIENCE): FileStorage {
  const send = openRequests(settings, patience)
  const place = `bucket ${settings.bucket} of ${settings.endpoint}`
  const inBucket = (key: string) => `${settings.prefix}${key}`

  async function put(
    key: string,
    body: AsyncIterable<Uint8Array>,
    { bytes }: { bytes?: number } = {},
  ) {
    const name = inBucket(assertKey(key))
    let written = 0
    let upload: Upload | undefined
    try {
      for await (const { bytes: part, last } of cutIntoParts(body, PIECE)) {
        written += part.length
        if (last) assertLength(written, bytes)
        if (!last) upload ??= await beginUpload(send, name)
        if (upload === undefined) await send({ method: 'PUT', key: name, body: part })
        else await upload.add(part)
      }
      await upload?.complete()
      return written
    } catch (error) {
      // if this fails too, cleanUp removes it later
      await upload?.abort().catch(() => {})
      throw cannot(`keep ${key}`, place, error)
    }
  }

  /**
   * One range of a file; null at or past its end. `etag` ensures that the file is still the same.
   */
  async function readPiece(key: string, from: number, etag?: string) {
    const headers = {
      range: `bytes=${from}-${from + PIECE - 1}`,
      ...(etag === undefined ? {} : { 'if-match': etag }),
    }
    try {
      const answer = await send({ method: 'GET', key: inBucket(key), headers })
      const [, begin, end] =
        /^bytes (\d+)-\d+\/(\d+)$/.exec(answer.headers.get('content-range') ?? '') ?? []
      if (Number(begin) !== from) throw new Error('the server sent other bytes than requested')
      return { bytes: answer.body, end: Number(end), etag: answer.headers.get('etag') ?? undefined }
    } catch (error) {
      if (error instanceof S3Error && error.code === 'NoSuchKey')
        throw new NotStoredError(key, place, { cause: error })
      if (error instanceof S3Error && error.code === 'InvalidRange') return null
      throw cannot(`read ${key}`, place, error)
    }
  }

  async function* openFile(key: string, { from = 0 }: { from?: number } = {}) {
    let at = from
    let piece = await readPiece(assertKey(key), at)
    while (piece !== null) {
      at += piece.bytes.length
      const next = at < piece.end ? readPiece(key, at, piece.etag) : Promise.resolve(null)
      next.catch(() => {})
      yield piece.bytes
      piece = await next
    }
  }

  async function* listPrefix(prefix: string, page: number): AsyncGenerator<StoredFile> {
    const query = { 'list-type': '2', prefix: inBucket(prefix), 'max-keys': String(page) }
    for await (const xml of pages(query, { 'continuation-token': 'NextContinuationToken' })) {
      for (const file of readElements(xml, 'Contents')) {
        const key = readRequired(file, 'Key').slice(settings.prefix.length)
        const bytes = Number(readRequired(file, 'Size'))
        const modified = new Date(readRequired(file, 'LastModified'))
        // consoles mark a folder with an empty file of its name
        if (!key.endsWith('/')) yield { key, bytes, modified }
      }
    }
  }

  /**
   * The answers to a query about the bucket. `next` says what asks for the page that follows, and
   * where a page tells it.
   */
  async function* pages(
    query: Record<string, string>,
    next: Record<string, string>,
  ): AsyncGenerator<string> {
    for (let more: Record<string, string> | null = {}; more !== null; ) {
      const { body } = await send({ method: 'GET', query: { ...query, ...more } })
      const xml = new TextDecoder().decode(body)
      yield xml
      const told = Object.entries(next).map(([name, element]) => [
        name,
        readElement(xml, element) ?? '',
      ])
      more = readElement(xml, 'IsTruncated') === 'true' ? Object.fromEntries(told) : null
    }
  }

  /**
   * Uses a list, whose errors have a message: HEAD does not tell a missing file from a missing
   * bucket.
   */
  async function statFile(key: string): Promise<StoredFile | null> {
    const prefix = assertKey(key)
    try {
      for await (const file of listPrefix(prefix, 1)) return file.key === key ? file : null
      return null
    } catch (error) {
      throw cannot(`find ${key}`, place, error)
    }
  }

  async function remove(key: string): Promise<void> {
    const name = inBucket(assertKey(key))
    try {
      await send({ method: 'DELETE', key: name })
    } catch (error) {
      if (!(error instanceof S3Error && error.code === 'NoSuchKey'))
        throw cannot(`remove ${key}`, place, error)
    }
  }

  async function* list(folder: string): AsyncGenerator<StoredFile> {
    const prefix = assertFolder(folder)
    try {
      yield* listPrefix(prefix, PAGE)
    } catch (error) {
      throw cannot(`list ${folder || 'the files'}`, place, error)
    }
  }

  async function cleanUp(before: Date, folders: string[] = ['']): Promise<number> {
    const prefixes = folders.map((folder) => inBucket(assertFolder(folder)))
    try {
      let found = 0
      for (const prefix of prefixes) found += await endUploads(prefix, before)
      return found
    } catch (error) {
      throw cannot('clean up', place, error)
    }
  }

  async function endUploads(prefix: string, before: Date): Promise<number> {
    const next = { 'key-marker': 'NextKeyMarker', 'upload-id-marker': 'NextUploadIdMarker' }
    let found = 0
    for await (const xml of pages({ uploads: '', prefix }, next)) {
      for (const upload of readElements(xml, 'Upload')) {
        if (new Date(readRequired(upload, 'Initiated')) >= before) continue
        const uploadId = readRequired(upload, 'UploadId')
        await send({ method: 'DELETE', key: readRequired(upload, 'Key'), query: { uploadId } })
        found++
      }
    }
    return found
  }

  return { place, put, open: openFile, stat: statFile, list, remove, cleanUp }
}
