/**
 * The image's health check, which has no shell and no curl: 0 when the server answers that it is
 * alive, 1 otherwise.
 */
import process from 'node:process'

const port = process.env.PORT || '3000'
const answer = await fetch(`http://127.0.0.1:${port}/health/live`, {
  signal: AbortSignal.timeout(4000),
})
process.exit(answer.ok ? 0 : 1)
