import type { Credentials } from './credentials.ts'
import { KaggleError, type KaggleErrorCode } from './kaggle-error.ts'
import { type Answer, request } from './request.ts'
import { type Patience, readRetryAfter, withRetries } from './retry.ts'

/** Kaggle's API, or a server that behaves like it, with our credentials and limits. */
export type Kaggle = {
  /** Such as `https://www.kaggle.com/api/v1`. */
  endpoint: string
  /** `owner/name` */
  dataset: string
  credentials: Credentials | null
  /** A request without data for this long is ended and retried. */
  silenceMs: number
  patience: Patience
  /** Called before a retry waits. */
  onWait: (reason: string, ms: number) => void
}

/** A resource and its name in errors: `Cannot get NAME from www.kaggle.com: …`. */
export type Wanted = {
  name: string
  path: string
  query?: Record<string, string | number>
  headers?: Record<string, string>
  signal: AbortSignal
}

const MOST_REDIRECTS = 5
const LARGEST_JSON = 64 << 20
/** How much of an error's body is read, and how many characters are shown. */
const LARGEST_ERROR = 64 << 10
const LONGEST_MESSAGE = 200

/** Requests JSON, with retries. An error in the JSON counts whatever the status is. */
export function getJson(kaggle: Kaggle, wanted: Wanted): Promise<Record<string, unknown>> {
  return withRetries(async () => readJson(kaggle, wanted, await get(kaggle, wanted)), {
    ...kaggle,
    signal: wanted.signal,
  })
}

/**
 * One request, following redirects; credentials go to the API's host only. The status is 200, or
 * 206 or 416 for a `Range`.
 * @throws KaggleError
 */
export async function get(
  kaggle: Kaggle,
  wanted: Wanted,
): Promise<Answer & { redirected: boolean }> {
  const good = wanted.headers?.range === undefined ? [200] : [200, 206, 416]
  const api = new URL(`${kaggle.endpoint}/${wanted.path}`)
  for (const [key, value] of Object.entries(wanted.query ?? {}))
    api.searchParams.set(key, String(value))
  let url = api
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const authorization =
      url.origin === api.origin ? kaggle.credentials?.authorization() : undefined
    const answer = await request(url, {
      headers: {
        'user-agent': 'super-zol',
        // lengths, ranges and hashes must be those of the file itself
        'accept-encoding': 'identity',
        ...wanted.headers,
        ...(authorization === undefined ? {} : { authorization }),
      },
      silenceMs: kaggle.silenceMs,
      signal: wanted.signal,
    })
    const { status, headers } = answer
    if (good.includes(status)) return { ...answer, redirected: redirects > 0 }
    if (status < 300 || status >= 400) throw await refusal(kaggle, wanted, answer)
    await answer.close()
    const location = headers.get('location') ?? ''
    if (!URL.canParse(location, url.href))
      throw failed(wanted, answer, 'BAD_ANSWER', 'it redirects to nowhere')
    const next = new URL(location, url)
    if (url.protocol === 'https:' && next.protocol !== 'https:')
      throw failed(wanted, answer, 'BAD_ANSWER', 'it redirects to an address without encryption')
    url = next
  }
  throw new KaggleError(
    'BAD_ANSWER',
    `Cannot get ${wanted.name}: there are more than ${MOST_REDIRECTS} redirects`,
  )
}

export function failed(
  { name }: Pick<Wanted, 'name'>,
  { host }: Pick<Answer, 'host'>,
  code: KaggleErrorCode,
  reason: string,
  retryAfterMs?: number,
): KaggleError {
  return new KaggleError(code, `Cannot get ${name} from ${host}: ${reason}`, retryAfterMs)
}

/** Reads a response that should be JSON. */
export async function readJson(
  kaggle: Kaggle,
  wanted: Wanted,
  answer: Answer,
): Promise<Record<string, unknown>> {
  const text = await readText(answer, LARGEST_JSON)
  if (isPage(answer, text))
    throw failed(wanted, answer, 'BAD_ANSWER', 'it sent a web page instead of JSON')
  const body = parsed(text)
  if (body === null) throw failed(wanted, answer, 'BAD_ANSWER', 'what it sent is not JSON')
  const { code } = body
  if (typeof code === 'number' && code >= 400)
    throw statusError(kaggle, wanted, { answer, status: code, body })
  return body
}

async function refusal(kaggle: Kaggle, wanted: Wanted, answer: Answer): Promise<KaggleError> {
  const body = parsed(await readText(answer, LARGEST_ERROR)) ?? {}
  return statusError(kaggle, wanted, { answer, status: answer.status, body })
}

type Refusal = { answer: Answer; status: number; body: Record<string, unknown> }

function statusError(
  { credentials }: Kaggle,
  wanted: Wanted,
  { answer, status, body }: Refusal,
): KaggleError {
  const said =
    typeof body.message === 'string' ? body.message.replace(/[\s\p{Cc}]+/gu, ' ').trim() : ''
  const shown = (credentials?.conceal(said) ?? said).slice(0, LONGEST_MESSAGE)
  const [code, reason] = meaning(status, credentials)
  const retryAfterMs = readRetryAfter(answer.headers.get('retry-after'), Date.now())
  return failed(
    wanted,
    answer,
    code,
    `${reason} (${status}${shown === '' ? '' : `, ${shown}`})`,
    retryAfterMs,
  )
}

function meaning(status: number, credentials: Credentials | null): [KaggleErrorCode, string] {
  if (status === 401 && credentials !== null)
    return ['UNAUTHORIZED', `it refuses the credentials from ${credentials.from}`]
  if (status === 401) return ['UNAUTHORIZED', 'it wants credentials, and there are none']
  if (status === 403) return ['FORBIDDEN', 'it forbids that']
  if (status === 404) return ['NOT_FOUND', 'it has no such thing']
  if (status === 429) return ['BUSY', 'it was asked too often']
  if (status >= 500) return ['BUSY', 'it failed']
  return ['BAD_ANSWER', 'it answers with an error']
}

/** The beginning of a body as text. */
async function readText({ chunks, close }: Answer, limit: number): Promise<string> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of chunks) {
    pieces.push(chunk)
    bytes += chunk.length
    if (bytes > limit) break
  }
  await close()
  return Buffer.concat(pieces).toString('utf8')
}

function isPage({ headers }: Answer, text: string): boolean {
  return /^text\/html/i.test(headers.get('content-type') ?? '') || /^\s*</.test(text)
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
