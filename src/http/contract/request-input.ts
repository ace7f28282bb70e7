import type { TObject, TSchema } from '@sinclair/typebox'
import { readBody } from './body.ts'
import type { Endpoint, Input } from './endpoint.ts'
import { readInput } from './input.ts'

/** All that an endpoint is told: path, query and body. */
export async function inputOf<P extends TObject, Q extends TObject, B extends TSchema>(
  { request, params }: { request: Request; params: Record<string, string> },
  endpoint: Endpoint<P, Q, TObject, B>,
): Promise<Input<P, Q, B>> {
  const input = readInput(request, params, endpoint)
  const body: unknown =
    endpoint.body === undefined ? undefined : await readBody(request, endpoint.body)
  return { ...input, body } as Input<P, Q, B>
}
