import type { Sql, Tx } from '../db/connect.ts'

/**
 * Called with the text of a query at its start. The returned function is called at its end, with an
 * error when it failed.
 */
export type QueryWatch = (text: string) => (error?: unknown) => void

/**
 * The internal fields of a postgres.js query. `handler` is called once, when it is first awaited.
 */
type Query = {
  strings: readonly string[]
  handler: (query: Query) => unknown
  resolve: (rows: unknown) => void
  reject: (error: unknown) => void
  cursorFn?: unknown
}
type Work = (tx: Tx) => unknown
type Callable = Sql & (() => unknown)

/** Wraps a client so that `watch` is called for every query, also in transactions. */
export function observeQueries(sql: Sql, watch: QueryWatch): Sql {
  return observed(sql, watch)
}

function observed<T extends Sql | Tx>(db: T, watch: QueryWatch): T {
  const observing = (query: unknown) => {
    if (query instanceof Promise && 'handler' in query) observe(query as unknown as Query, watch)
    return query
  }
  const transaction = (first: string | Work, second?: Work) => {
    const { begin } = db as Sql
    if (typeof first !== 'string') return begin((tx) => first(observed(tx, watch)))
    return begin(first, (tx) => second?.(observed(tx, watch)))
  }
  const unsafe = (...args: Parameters<Sql['unsafe']>) => observing(db.unsafe(...args))
  return new Proxy(db, {
    apply: (target, self, args) => observing(Reflect.apply(target as Callable, self, args)),
    get: (target, name) => {
      if (name === 'begin') return transaction
      return name === 'unsafe' ? unsafe : Reflect.get(target, name)
    },
  })
}

function observe(query: Query, watch: QueryWatch): void {
  const { handler } = query
  query.handler = (query) => {
    let end: ReturnType<QueryWatch> | null = watch(query.strings.join('?'))
    // a COPY resolves twice: with its stream, and at its end
    const ended = (error?: unknown) => {
      end?.(error)
      end = null
    }
    atEnd(query, 'resolve', () => ended())
    atEnd(query, 'reject', ended)
    return handler(query)
  }
}

/**
 * Calls `ended` before a query settles. A cursor replaces `resolve` and `reject` with every page.
 */
function atEnd(query: Query, how: 'resolve' | 'reject', ended: (value: unknown) => void): void {
  let settle = query[how]
  const settled = (value: unknown) => {
    ended(value)
    settle(value)
  }
  if (query.cursorFn === undefined) {
    query[how] = settled
    return
  }
  const set = (next: typeof settle) => {
    settle = next
  }
  Object.defineProperty(query, how, { get: () => settled, set })
}
