import { connect } from 'node:net'

/** The response; null when the server closed the connection or did not respond in time. */
export type RawAnswer = { status: number | null; code: string | null; seconds: number }

/**
 * Sends raw bytes in pieces, and reads until the server sends a status, closes the connection, or
 * `ms` have passed.
 */
export function sendRaw(
  port: number,
  pieces: readonly (string | Uint8Array)[],
  { ms = 2000, everyMs = 0 } = {},
): Promise<RawAnswer> {
  const began = performance.now()
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let [text, next] = ['', 0]
    const end = () => {
      clearTimeout(late)
      clearInterval(drip)
      socket.destroy()
      const status = /^HTTP\/1\.1 (?!100)(\d{3})/m.exec(text)?.[1]
      const code = /"code":"(\w+)"/.exec(text)?.[1] ?? null
      resolve({
        status: status === undefined ? null : Number(status),
        code,
        seconds: (performance.now() - began) / 1000,
      })
    }
    const late = setTimeout(end, ms)
    const sendNext = () => {
      const piece = pieces[next++]
      if (piece === undefined) clearInterval(drip)
      else socket.write(piece)
    }
    const drip = setInterval(sendNext, everyMs)
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      // an error has its code in the body; the body of a success does not matter
      if (/^HTTP\/1\.1 (2|[^1]\d\d[\s\S]*\r\n\r\n([\s\S]*"code"|$))/.test(text)) setTimeout(end, 5)
    })
    socket.on('error', end)
    socket.on('close', end)
    sendNext()
  })
}
