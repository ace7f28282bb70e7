import { readBody } from './body.ts'
import { readInput } from './input.ts'
import type { Route } from './route.ts'

/** A request, as a route gets it. */
export type RequestContext = {
  request: Request
  params: Record<string, string>
  /** Headers that the answer gets, whatever it is. */
  set: { headers: Record<string, string | number> }
  /** The pattern of the path. */
  route: string
}

/** Everything a handler takes: path and query parameters, and the body. */
export async function inputOf(
  { request, params }: Pick<RequestContext, 'request' | 'params'>,
  route: Pick<Route, 'params' | 'query' | 'body'>,
): Promise<RequestInput> {
  const input = readInput(request, params, route)
  const body = route.body === undefined ? undefined : await readBody(request, route.body)
  return { ...input, body }
}

/** Checked by the route's schemas, so that it is what the route's handler takes. */
export type RequestInput = { fields?: readonly string[]; bom?: boolean; body: unknown }
