import type { Buffer } from 'node:buffer'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

type Encoding = 'br' | 'gzip'

/** The best first. Middling efforts: half of the most that they save, in a tenth of the time. */
const ENCODERS: Record<Encoding, (bytes: Uint8Array) => Promise<Buffer>> = {
  br: (bytes) =>
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  gzip: (bytes) => promisify(gzip)(bytes, { level: 5 }),
}
const COMPRESSIBLE = /^(text\/|application\/(json|x-ndjson)|image\/svg)/
/** Below it, compressing costs more than it saves: the answer fits into one packet as it is. */
const LEAST_BYTES = 1400

/** An answer in an encoding that its caller takes. Tags are weak: they name what is said, in whatever encoding. */
export function compress(request: Request, response: Response): Response | Promise<Response> {
  const { headers } = response
  // looking at its body would make a stream of it
  if (headers.has('content-encoding') || !COMPRESSIBLE.test(headers.get('content-type') ?? ''))
    return response
  if (!headers.get('vary')?.includes('accept-encoding')) headers.append('vary', 'accept-encoding')
  const encoding = chooseEncoding(request.headers.get('accept-encoding'))
  return encoding === null ? response : encode(response, encoding)
}

async function encode(response: Response, encoding: Encoding): Promise<Response> {
  const { status, headers } = response
  const bytes = new Uint8Array(await response.arrayBuffer())
  if (bytes.length < LEAST_BYTES) return new Response(bytes, { status, headers })
  const encoded = new Uint8Array(await ENCODERS[encoding](bytes))
  headers.set('content-encoding', encoding)
  headers.set('content-length', String(encoded.length))
  return new Response(encoded, { status, headers })
}

/** The same of what is sent as it is made, with the encoding that every runtime has a stream for. */
export function compressStream(request: Request, response: Response): Response {
  const { headers, body } = response
  if (body === null || chooseEncoding(request.headers.get('accept-encoding'), ['gzip']) === null)
    return response
  headers.set('content-encoding', 'gzip')
  return new Response(body.pipeThrough(new CompressionStream('gzip')), { headers })
}

/** The first of our encodings with the highest weight in an Accept-Encoding header (RFC 9110); null for none. */
export function chooseEncoding(
  accepted: string | null,
  offered = Object.keys(ENCODERS) as Encoding[],
): Encoding | null {
  if (accepted === null) return null
  let best: { encoding: Encoding | null; weight: number } = { encoding: null, weight: 0 }
  for (const encoding of offered) {
    const weight = weightOf(encoding, accepted)
    if (weight > best.weight) best = { encoding, weight }
  }
  return best.encoding
}

function weightOf(encoding: Encoding, accepted: string): number {
  const wishes = accepted
    .split(',')
    .map((wish) => wish.split(';').map((part) => part.trim().toLowerCase()))
  const [, ...parameters] = wishes.find(([name]) => name === encoding) ??
    wishes.find(([name]) => name === '*') ?? ['', 'q=0']
  const quality = parameters.find((parameter) => parameter.startsWith('q='))
  return quality === undefined ? 1 : Number(quality.slice(2)) || 0
}
