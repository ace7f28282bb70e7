import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from './faults.ts'

export function sendJson(response: ServerResponse, status: number, body: unknown): ServerResponse {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
  return response.end(JSON.stringify(body))
}

/** An error in the form of Kaggle's API. */
export function sendError(
  response: ServerResponse,
  status: number,
  message: string,
): ServerResponse {
  return sendJson(response, status, { code: status, message })
}

/** Sends a fault instead of an answer; false when there is none or it concerns the body. */
export function sendFault(response: ServerResponse, fault: Fault | undefined): boolean {
  if (fault?.retryAfter !== undefined) response.setHeader('retry-after', fault.retryAfter)
  if (fault?.status !== undefined)
    sendError(response, fault.status, `answering ${fault.status} as configured`)
  else if (fault?.error !== undefined) sendJson(response, 200, fault.error)
  else if (fault?.html)
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end('<!DOCTYPE html><title>Kaggle</title>')
  else if (fault?.redirect !== undefined)
    response.writeHead(302, { location: fault.redirect }).end()
  else return false
  return true
}

/**
 * Sends a body no faster than it is taken, with the faults that it has. `onSent` is told the bytes
 * given to the connection.
 */
export async function sendBody(
  response: ServerResponse,
  chunks: AsyncIterable<Uint8Array>,
  { fault, onSent }: { fault: Fault | undefined; onSent: (bytes: number) => void },
): Promise<void> {
  const limit = fault?.cutAfter ?? fault?.silentAfter ?? Number.POSITIVE_INFINITY
  let [sent, due] = [0, 0]
  for await (const chunk of chunks) {
    const piece = flipped(chunk.subarray(0, limit - sent), fault?.flipByteAt, sent)
    if (response.destroyed) return
    await written(response, piece)
    sent += piece.length
    onSent(piece.length)
    if (sent === limit) break
    // lost time is not made up for: the receiver may be busy
    due =
      Math.max(due, performance.now()) +
      (piece.length / (fault?.bytesPerSecond ?? Number.POSITIVE_INFINITY)) * 1000
    const early = due - performance.now()
    if (early > 1) await sleep(early)
  }
  if (sent < limit) response.end()
  else if (fault?.cutAfter !== undefined) {
    await sleep(fault.pauseMs ?? 0)
    response.socket?.destroy()
  }
}

function flipped(bytes: Uint8Array, at: number | undefined, from: number): Uint8Array {
  return at === undefined ? bytes : bytes.map((byte, i) => (from + i === at ? byte ^ 255 : byte))
}

/** Resolves when the connection has taken the bytes or is closed. */
function written(response: ServerResponse, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    response.once('close', resolve)
    response.write(bytes, () => {
      response.off('close', resolve)
      resolve()
    })
  })
}
