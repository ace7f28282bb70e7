import { randomRequest } from './random-requests.ts'
import { sendRaw } from './raw.ts'
import type { Target } from './target.ts'

/** How often each status was received; `closed` without a response. */
export type Outcome = {
  statuses: Record<string, number>
  wrong: string[]
  rss: { before: number | null; after: number | null }
}

const AT_ONCE = 20
/** Statuses of Bun's own server, for unknown methods and HTTP versions. */
const SERVERS_OWN = [501, 505]

/** Sends requests of random bytes to a server, and checks its health in between. */
export async function throwRandom(
  { port, rss, isAlive }: Target,
  { seed, count }: { seed: number; count: number },
): Promise<Outcome> {
  const before = rss()
  const statuses: Record<string, number> = {}
  const wrong: string[] = []
  let next = 0
  const worker = async () => {
    while (next < count) {
      const n = next++
      const { status, code } = await sendRaw(port, [randomRequest(seed, n)], { ms: 300 })
      statuses[status ?? 'closed'] = (statuses[status ?? 'closed'] ?? 0) + 1
      if (status !== null && status >= 500 && !SERVERS_OWN.includes(status))
        wrong.push(`${n}: ${status} ${code}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  if (!isAlive()) wrong.push('the server is gone')
  const well = await sendRaw(port, ['GET /v1/chains HTTP/1.1\r\nHost: x\r\n\r\n'], { ms: 10_000 })
  if (well.status !== 200) wrong.push(`afterwards: ${well.status} ${well.code}`)
  return { statuses, wrong, rss: { before, after: rss() } }
}
