import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { AwsV4Signer } from 'aws4fetch'
import { readElement } from './s3-xml.ts'

/**
 * A bucket and the key to it. `prefix` stands before every key, with a slash behind it unless it is
 * ''.
 */
export type S3Settings = {
  endpoint: string
  region: string
  bucket: string
  prefix: string
  accessKeyId: string
  secretAccessKey: string
}

/** Time limits and retries of requests. */
export type S3Patience = { tries: number; firstWaitMs: number; answerMs: number }

/**
 * A request carries one part of a file at most, so one that takes two minutes makes no progress.
 */
export const PATIENCE: S3Patience = { tries: 5, firstWaitMs: 250, answerMs: 120_000 }

export type S3Request = {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /** The key after the prefix. Without a key the request concerns the bucket. */
  key?: string
  query?: Record<string, string>
  headers?: Record<string, string>
  body?: Uint8Array<ArrayBuffer> | string
  /** For requests whose response takes longer than others. */
  answerMs?: number
}

/** A response, read to its end. */
export type S3Answer = { status: number; headers: Headers; body: Uint8Array }

/** An error response with the server's message. `code` is S3's, such as `NoSuchKey`. */
export class S3Error extends Error {
  override name = 'S3Error'
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(`${code}${message === '' ? '' : `: ${message.replace(/\.$/, '')}`}`)
  }
}

/** Signed requests to one bucket, with its name in the path (every S3 accepts that). */
export type S3Requests = (request: S3Request) => Promise<S3Answer>

/** @throws S3Error for a status of 300 or more, after retries of temporary failures */
export function openRequests(
  settings: S3Settings,
  { tries, firstWaitMs, answerMs }: S3Patience,
): S3Requests {
  return async (request) => {
    const limit = request.answerMs ?? answerMs
    for (let attempt = 1; ; attempt++) {
      try {
        return await send(settings, request, AbortSignal.timeout(limit))
      } catch (error) {
        if (attempt === tries || !mayPass(error)) throw inWords(error, limit)
        await sleep(firstWaitMs * 2 ** (attempt - 1) * (1 + Math.random()))
      }
    }
  }
}

async function send(
  settings: S3Settings,
  request: S3Request,
  signal: AbortSignal,
): Promise<S3Answer> {
  const { method, body } = request
  const { accessKeyId, secretAccessKey, region } = settings
  const digest = createHash('sha256')
    .update(body ?? '')
    .digest('hex')
  const { url, headers } = await new AwsV4Signer({
    ...{ method, accessKeyId, secretAccessKey, region, service: 's3' },
    url: urlOf(settings, request),
    // the server compares it with the received bytes
    headers: { ...request.headers, 'x-amz-content-sha256': digest },
  }).sign()
  // after signing: proxies change it
  headers.set('accept-encoding', 'identity')
  // a redirect is a wrong setting: it names the bucket's region or endpoint
  const response = await fetch(url, {
    method,
    headers,
    redirect: 'manual',
    signal,
    ...(body === undefined ? {} : { body }),
  })
  const answer = {
    status: response.status,
    headers: response.headers,
    body: new Uint8Array(await response.arrayBuffer()),
  }
  if (answer.status >= 300) throw errorOf(answer)
  const length = answer.headers.get('content-length')
  if (length !== null && Number(length) !== answer.body.length)
    throw new Error('the response was cut short')
  return answer
}

function urlOf({ endpoint, bucket }: S3Settings, { key, query = {} }: S3Request): string {
  const names = [bucket, ...(key === undefined ? [] : key.split('/'))]
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  return `${endpoint.replace(/\/+$/, '')}/${names.map(encodeURIComponent).join('/')}?${pairs.join('&')}`
}

/** Also for the body of a 200: S3 begins some responses before it knows the result. */
export function errorOf({ status, body }: S3Answer): S3Error {
  const text = new TextDecoder().decode(body)
  return new S3Error(
    status,
    readElement(text, 'Code') ?? `HTTP ${status}`,
    readElement(text, 'Message') ?? '',
  )
}

const PASSING_STATUS = new Set([408, 429, 500, 502, 503, 504])
/** Bytes that were lost or changed in transfer. */
const PASSING_CODE = new Set([
  'RequestTimeout',
  'IncompleteBody',
  'BadDigest',
  'XAmzContentSHA256Mismatch',
])

/** Anything but a response is a network error or the time limit. */
function mayPass(error: unknown): boolean {
  return (
    !(error instanceof S3Error) || PASSING_STATUS.has(error.status) || PASSING_CODE.has(error.code)
  )
}

/** `fetch` puts the reason into a cause, or does not mention the time limit. */
function inWords(error: unknown, answerMs: number): unknown {
  if (error instanceof S3Error || !(error instanceof Error)) return error
  if (error.name === 'TimeoutError')
    return new Error(`no answer within ${answerMs / 1000} s`, { cause: error })
  return error.cause instanceof Error ? error.cause : error
}
