import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerApi } from './api.ts'
import { type Fault, type Place, takeFault } from './faults.ts'
import { sendError, sendFault, sendJson } from './send.ts'
import { answerStorage } from './storage.ts'
import { findZips } from './versions.ts'

export type ServerOptions = {
  /** The folder of the zips. */
  versions: string
  dataset: string
  host?: string
  /** Port of the API; the storage takes any free one by default. */
  port?: number
  storagePort?: number
  /** The only accepted `Authorization`. With `isPrivate` requests without one are rejected too. */
  authorization?: string
  isPrivate?: boolean
  faults?: Fault[]
  onRequest?: (request: SeenRequest) => void
}

/** A received request. `from` is the start of its range, `sent` the number of body bytes sent. */
export type SeenRequest = {
  at: Place | 'other'
  path: string
  authorization: string | undefined
  from: number | null
  sent: number
}

/** A server that behaves like Kaggle's API and storage, with the changeable `faults`. */
export type KaggleServer = {
  /** For `KAGGLE_API_ENDPOINT`. */
  endpoint: string
  /** Every request so far, in order of arrival. */
  requests: SeenRequest[]
  faults: Fault[]
  close(): Promise<void>
}

/**
 * Serves the zips of a folder. The API and the storage listen on two ports, which are two hosts to
 * any client.
 */
export async function openKaggleServer(options: ServerOptions): Promise<KaggleServer> {
  const { dataset, host = '127.0.0.1', port = 0, storagePort = 0, faults = [] } = options
  const versions = await findZips(options.versions)
  if (versions.length === 0) throw new Error(`Cannot serve ${options.versions}: it holds no zips`)
  const requests: SeenRequest[] = []

  function see(request: IncomingMessage, at: SeenRequest['at'], url: URL): SeenRequest {
    const from = /^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1]
    const { authorization } = request.headers
    const seen = {
      at,
      path: url.pathname,
      authorization,
      from: from === undefined ? null : Number(from),
      sent: 0,
    }
    requests.push(seen)
    options.onRequest?.(seen)
    return seen
  }

  const storage = await listen(host, storagePort, async (request, response, url) => {
    const seen = see(request, 'storage', url)
    const fault = takeFault(faults, 'storage', url.pathname)
    if (sendFault(response, fault)) return response
    const onSent = (bytes: number) => {
      seen.sent += bytes
    }
    return answerStorage(request, response, { url, versions, fault, onSent })
  })

  const api = await listen(host, port, async (request, response, url) => {
    const [, call = ''] =
      /^\/api\/v1\/datasets\/(view|list|download|metadata)\//.exec(url.pathname) ?? []
    const place = call === 'view' || call === 'list' || call === 'download' ? call : 'other'
    see(request, place, url)
    if (place !== 'other' && sendFault(response, takeFault(faults, place, url.pathname)))
      return response
    const { authorization } = request.headers
    const isStranger =
      authorization === undefined ? options.isPrivate : authorization !== options.authorization
    if (isStranger && (options.isPrivate || options.authorization !== undefined))
      return sendError(response, 401, 'Unauthorized')
    const isOurs = `${url.pathname}/`.startsWith(`/api/v1/datasets/${call}/${dataset}/`)
    if (call === '' || !isOurs) return sendError(response, 404, 'Not found')
    // the official client asks for the licence before it downloads
    if (call === 'metadata')
      return sendJson(response, 200, { info: { licenses: [{ name: 'unknown' }] } })
    // the storage has the same host name as this request, with its own port
    const { hostname } = new URL(`http://${request.headers.host}`)
    return answerApi(response, call, {
      url,
      dataset,
      versions,
      storage: `http://${hostname}:${portOf(storage)}`,
    })
  })

  const close = async () => {
    for (const server of [api, storage]) {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    }
  }
  return {
    endpoint: `http://${host === '0.0.0.0' ? 'localhost' : host}:${portOf(api)}/api/v1`,
    requests,
    faults,
    close,
  }
}

type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<unknown>

function listen(host: string, port: number, handle: Handler): Promise<Server> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    handle(request, response, url).catch((error: unknown) => {
      if (!response.headersSent) sendError(response, 500, String(error))
      else response.socket?.destroy()
    })
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve(server))
  })
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}
