const peers = new WeakMap<Request, string>()

/** Notes from which address a request came, as the server's socket knows it. */
export function notePeer(request: Request, address: string | undefined): void {
  if (address !== undefined) peers.set(request, address)
}

/** The address of the socket that a request came by; undefined for one that came by none (a test). */
export function peerOf(request: Request): string | undefined {
  return peers.get(request)
}
