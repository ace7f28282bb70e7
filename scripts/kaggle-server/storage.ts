import type { IncomingMessage, ServerResponse } from 'node:http'
import { contentOf } from './content.ts'
import type { Fault } from './faults.ts'
import { sendBody, sendError } from './send.ts'
import { isSigned } from './signed-address.ts'
import type { ServedVersion } from './versions.ts'

/** The path of a version's zip or of one file; the official client saves it under the last part. */
export function storagePath(version: number, file: string | null): string {
  return `/kaggle-data-sets/${version}/${file === null ? 'archive.zip' : `files/${encodeURIComponent(file)}`}`
}

type Asked = {
  url: URL
  versions: ServedVersion[]
  fault: Fault | undefined
  onSent: (bytes: number) => void
}

/** The storage: it accepts signed addresses and refuses credentials. */
export async function answerStorage(
  request: IncomingMessage,
  response: ServerResponse,
  { url, versions, fault, onSent }: Asked,
): Promise<unknown> {
  if (request.headers.authorization !== undefined)
    return sendError(response, 400, 'the storage takes no Authorization')
  if (!isSigned(url)) return sendError(response, 403, 'the signature does not match')
  const [, number, file] =
    /^\/kaggle-data-sets\/(\d+)\/(?:archive\.zip|files\/(.+))$/.exec(url.pathname) ?? []
  const version = versions[Number(number) - 1]
  const content =
    version &&
    (await contentOf(version, file === undefined ? null : decodeURIComponent(file), fault))
  if (content === undefined) return sendError(response, 404, 'there is no such object')
  const md5 = await content.md5()
  const etag = `"${md5.toString('hex')}"`
  response.setHeader('content-type', content.type)
  response.setHeader('last-modified', content.modified)
  response.setHeader('etag', etag)
  if (!fault?.ignoreRange) response.setHeader('accept-ranges', 'bytes')
  if (fault?.md5 !== 'none') {
    const differs = fault?.md5 === 'wrong' || fault?.storedPacked
    const told = differs ? Buffer.from(md5).reverse() : md5
    response.setHeader('x-goog-hash', `md5=${told.toString('base64')}`)
  }
  if (fault?.storedPacked) {
    response.setHeader('x-goog-stored-content-encoding', 'gzip')
    response.setHeader('warning', '214 UploadServer gunzipped')
  }
  const from = fault?.ignoreRange ? null : rangeStart(request, etag)
  if (from !== null && from >= content.bytes) {
    return response.writeHead(416, { 'content-range': `bytes */${content.bytes}` }).end()
  }
  const start = from ?? 0
  if (!fault?.storedPacked)
    response.setHeader('content-length', fault?.length ?? content.bytes - start)
  if (from === null) response.writeHead(200)
  else
    response.writeHead(206, {
      'content-range': `bytes ${from}-${content.bytes - 1}/${content.bytes}`,
    })
  return sendBody(response, content.open(start), { fault, onSent })
}

/** Null for the whole file: without a range, or with the range of another file. */
function rangeStart({ headers }: IncomingMessage, etag: string): number | null {
  const start = /^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1]
  const condition = headers['if-range']
  return start === undefined || (condition !== undefined && condition !== etag)
    ? null
    : Number(start)
}
