import { randomRequest } from './random-requests.ts'
import { sendRaw } from './raw.ts'
import type { Target } from './target.ts'

/** How often each status came; `closed` without a word. */
export type Outcome = {
  statuses: Record<string, number>
  wrong: string[]
  rss: { before: number | null; after: number | null }
}

const AT_ONCE = 20
/** What a server may say that is none of ours, to a method or a version that it does not know. */
const SERVERS_OWN = [501, 505]

/** Throws requests of random bytes at a server, and asks it in between whether it is well. */
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
