/** Sends requests to its replicas in turn, as a Service does. A failed request is not retried. */
export function openBalancer() {
  const replicas: string[] = []
  let turn = 0
  const pass = (request: Request): Promise<Response> => {
    const { pathname, search } = new URL(request.url)
    // passes compressed responses on unchanged
    return fetch(`${replicas[turn++ % replicas.length]}${pathname}${search}`, { decompress: false })
  }
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', idleTimeout: 60, fetch: pass })
  return {
    url: `http://127.0.0.1:${server.port}`,
    add: (replica: string) => void replicas.push(replica),
    remove: (replica: string) => void replicas.splice(replicas.indexOf(replica), 1),
    close: () => server.stop(true),
  }
}

/**
 * Clients that send one request after the other until they are stopped, and count responses other
 * than 200.
 */
export function load(
  urls: string[],
  clients: number,
): { stop: () => Promise<{ answered: number; lost: string[] }> } {
  const stopping = new AbortController()
  let answered = 0
  const lost: string[] = []
  const ask = async (url: string) => {
    const answer = await fetch(url)
    await answer.arrayBuffer()
    if (answer.status === 200) answered++
    else lost.push(`${url}: ${answer.status}`)
  }
  const client = async (first: number) => {
    for (let at = first; !stopping.signal.aborted; at++) {
      const url = urls[at % urls.length] ?? ''
      await ask(url).catch((error: unknown) => lost.push(`${url}: ${error}`))
    }
  }
  const running = Array.from({ length: clients }, (_, at) => client(at))
  return {
    stop: async () => {
      stopping.abort()
      await Promise.all(running)
      return { answered, lost }
    },
  }
}
