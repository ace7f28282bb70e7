/**
 * bun scripts/attack.ts [COUNT [SEED]]: sends hostile requests to a server process that it starts,
 * prints the responses as a table, then sends 5,000 requests of random bytes. Exits with 1 after an
 * unexpected response.
 */
import { ATTEMPTS, attempt } from './attack/attempts.ts'
import { startTarget } from './attack/target.ts'
import { throwRandom } from './attack/throw-random.ts'

const [count = 5000, seed = 1] = process.argv.slice(2).map(Number)
const target = await startTarget()
let failed = false
console.log('| attempt | answer |\n|---|---|')
for (const request of ATTEMPTS) {
  const { status, code, seconds } = await attempt(target.port, request)
  const isRight = status === request.expected[0] && code === (request.expected[1] ?? null)
  failed ||= !isRight
  const answer = [status ?? 'closed', code, seconds > 2 ? `after ${seconds.toFixed(0)} s` : null]
    .filter(Boolean)
    .join(' ')
  console.log(
    `| ${request.name} | ${answer}${isRight ? '' : ` (expected ${request.expected.join(' ')})`} |`,
  )
}
const before = performance.now()
const { statuses, wrong, rss } = await throwRandom(target, { count, seed })
const seconds = ((performance.now() - before) / 1000).toFixed(0)
console.log(
  `\n${count} random requests in ${seconds} s: ${JSON.stringify(statuses)}; RSS ${rss.before} → ${rss.after} MB`,
)
for (const line of wrong) console.log(`wrong: ${line}`)
await target.stop()
process.exit(failed || wrong.length > 0 ? 1 : 0)
