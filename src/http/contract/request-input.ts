import { readBody } from './body.ts'
import { readInput } from './input.ts'
import type { Route } from './route.ts'

/** The context of a request, as a route receives it. */
export type RequestContext = {
  request: Request
  params: Record<string, string>
  /** The headers that are set on any answer. */
  set: { headers: Record<string, string | number> }
  /** The path pattern. */
  route: string
}

/** The input of a handler: path and query parameters, and the body. */
export async function inputOf(
  { request, params }: Pick<RequestContext, 'request' | 'params'>,
  route: Pick<Route, 'params' | 'query' | 'body'>,
): Promise<RequestInput> {
  const input = readInput(request, params, route)
  const body = route.body === undefined ? undefined : await readBody(request, route.body)
  return { ...input, body }
}

/** Reads and validates the input by the schemas of the route. */
export type RequestInput = { fields?: readonly string[]; bom?: boolean; body: unknown }
