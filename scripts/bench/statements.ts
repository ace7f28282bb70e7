import { pino } from 'pino'
import postgres from 'postgres'
import { createApp } from '../../src/app.ts'
import { readEnv } from '../../src/env.ts'

/** A statement as sent to the server. */
export type Statement = { text: string; parameters: unknown[] }

/** What reads of any kind ask besides their own. */
const AROUND = /core\.generation|^listen|pg_catalog|auth\./i

/**
 * The statements with which the app answers a path, once what it remembers is there: for others to
 * run the same.
 * @throws Error when it does not answer it with 200
 */
export async function statementsOf(
  url: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<Statement[]> {
  let seen: Statement[] = []
  const sql = postgres(url, {
    connection: { TimeZone: 'UTC' },
    debug: (_, text, parameters) => {
      if (!AROUND.test(text)) seen.push({ text, parameters })
    },
  })
  try {
    const env = readEnv({ CACHE_MB: '0', RATE_LIMIT: 'off' })
    const app = createApp({ sql, log: pino({ level: 'silent' }), env })
    for (let times = 0; times < 3; times++) {
      seen = []
      const answer = await app.handle(new Request(`http://localhost${path}`, { headers }))
      if (!answer.ok) throw new Error(`Cannot measure ${path}: it answers ${answer.status}`)
      await answer.arrayBuffer()
    }
    return seen
  } finally {
    await sql.end({ timeout: 1 })
  }
}
