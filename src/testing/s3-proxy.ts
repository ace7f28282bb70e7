import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { S3Settings } from '../storage/s3-requests.ts'

/** A fault: 503, a response cut half-way, no response, or one changed byte of the request. */
export type Fault = 'busy' | 'cut' | 'stall' | 'spoil'

/** A proxy between a storage and its server. */
export type S3Proxy = {
  settings: S3Settings
  /** The requests so far, such as `PUT /first/x?partNumber=3`, without upload ids. */
  requests: string[]
  /** The fault of a request; undefined for none. */
  fault: (request: string, times: number) => Fault | undefined
  close(): Promise<void>
}

export async function openS3Proxy(settings: S3Settings): Promise<S3Proxy> {
  const server = createServer((from, to) => void pass(from, to))
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
  })
  const proxy: S3Proxy = {
    settings: { ...settings, endpoint: `http://127.0.0.1:${port}` },
    requests: [],
    fault: () => undefined,
    close: () => close(server),
  }

  async function pass(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const name = `${from.method} ${from.url?.replace(/&?uploadId=[^&]*/, '').replace(/\?$/, '')}`
    proxy.requests.push(name)
    const fault = proxy.fault(name, proxy.requests.filter((other) => other === name).length)
    const body = await bodyOf(from)
    if (fault === 'stall') return
    if (fault === 'busy') {
      to.writeHead(503).end(
        '<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>',
      )
      return
    }
    if (fault === 'spoil') body[body.length >> 1] = ((body[body.length >> 1] ?? 0) + 1) & 255
    const { method, url: path, headers } = from
    const onward = request(settings.endpoint, { method, path, headers }, async (answer) => {
      const answered = await bodyOf(answer)
      to.writeHead(answer.statusCode ?? 502, answer.headers)
      if (fault !== 'cut') to.end(answered)
      else to.write(answered.subarray(0, answered.length >> 1), () => to.destroy())
    })
    onward.on('error', () => to.destroy())
    onward.end(body)
  }

  return proxy
}

async function bodyOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of stream) pieces.push(piece)
  return Buffer.concat(pieces)
}

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
