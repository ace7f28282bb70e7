import type { Sql } from '../../src/db/connect.ts'

/** A database, and the API over it. */
export type Asked = { sql: Sql; ask(path: string, init?: RequestInit): Promise<Response> }

/** What came of comparing answers with a plain computation: how many values, and a sentence for each that differs. */
export type Outcome = { compared: number; differences: string[] }

export type Check = { name: string; run(asked: Asked): Promise<Outcome> }

/** All rows of a list, page by page. */
export async function rowsOf<T>({ ask }: Asked, path: string): Promise<T[]> {
  const rows: T[] = []
  for (let page = 1; ; page++) {
    const response = await ask(`${path}${path.includes('?') ? '&' : '?'}per_page=100&page=${page}`)
    const text = await response.text()
    if (response.status !== 200) throw new Error(`Cannot ask ${path}: ${text}`)
    const body: { data: T[]; pagination: { total_pages: number } } = JSON.parse(text)
    rows.push(...body.data)
    if (page >= body.pagination.total_pages) return rows
  }
}

/** Compares answers with what they should be, by their JSON. */
export function compare(
  outcome: Outcome,
  path: string,
  answers: readonly unknown[],
  plain: readonly unknown[],
): void {
  for (let i = 0; i < Math.max(answers.length, plain.length); i++) {
    outcome.compared++
    const [answer, expected] = [JSON.stringify(answers[i]), JSON.stringify(plain[i])]
    if (answer !== expected)
      outcome.differences.push(`${path} [${i}]\n  answers ${answer}\n  is      ${expected}`)
  }
}

/** Some ids of a relation, the same each time, spread over all of them. */
export async function someIds({ sql }: Asked, from: string, count: number): Promise<number[]> {
  const rows = await sql.unsafe<{ id: number }[]>(
    `select id from (select distinct id from ${from}) x order by md5(id::text) limit ${count}`,
  )
  return rows.map(({ id }) => id)
}

/** Half up, as money is rounded. */
export const roundHalfUp = (amount: number): number => Math.floor(amount + 0.5)
