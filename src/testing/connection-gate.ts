import { connect as connectSocket, createServer, type Server, type Socket } from 'node:net'

/** A TCP proxy before the database that can be cut and restored. */
export type Gate = { url: string; open(): Promise<void>; cut(): void }

export async function gateTo(url: string): Promise<Gate> {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  const server: Server = createServer((inside) => {
    const outside = connectSocket(Number(target.port), target.hostname)
    for (const [from, to] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      sockets.add(from)
      from.pipe(to)
      from.on('error', () => to.destroy())
      from.on('close', () => to.destroy())
    }
  })
  const listen = (port: number) =>
    new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const gated = new URL(url)
  gated.host = `127.0.0.1:${port}`
  const cut = () => {
    server.close()
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  return { url: gated.href, open: () => listen(port), cut }
}
