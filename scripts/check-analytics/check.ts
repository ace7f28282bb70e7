import type { Sql } from '../../src/db/connect.ts'

/** A database and the API over it, which a check compares. */
export type CheckTarget = { sql: Sql; ask(path: string, init?: RequestInit): Promise<Response> }

/** The number of compared values, and a description of each difference. */
export type Outcome = { compared: number; differences: string[] }

export type Check = { name: string; run(target: CheckTarget): Promise<Outcome> }

/** All rows of a list, page by page. */
export async function readAllRows<T>({ ask }: CheckTarget, path: string): Promise<T[]> {
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

/** Compares answers with the expected values, as JSON. */
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

/** A deterministic sample of the ids of a relation. */
export async function sampleIds(
  { sql }: CheckTarget,
  from: string,
  count: number,
): Promise<number[]> {
  const rows = await sql.unsafe<{ id: number }[]>(
    `select id from (select distinct id from ${from}) x order by md5(id::text) limit ${count}`,
  )
  return rows.map(({ id }) => id)
}

/** Rounds half up, the rule for money. */
export const roundHalfUp = (amount: number): number => Math.floor(amount + 0.5)
