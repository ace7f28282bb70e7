import { toOpenAPIPath } from '@elysiajs/swagger/utils'
import { KEY_OR_TOKEN } from './operation.ts'

type Json = Record<string, unknown>
export type DocumentedRoute = { method: string; path: string; hooks: { detail?: object } }

const SECURITY_SCHEMES = {
  apiKey: {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
    description: 'From `npm run keys` or an admin.',
  },
  bearer: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'From `POST /v1/auth/token`.',
  },
}

/**
 * The OpenAPI 3.0.3 document of all routes that have a summary; shapes with a title become components.
 * @param mode `open`: whoever has no key may read
 */
export function openApiDocument(
  routes: readonly DocumentedRoute[],
  mode: 'open' | 'required',
): Json {
  const paths: Record<string, Json> = {}
  const errors: Json = {}
  for (const { method, path, hooks } of routes) {
    const { detail } = hooks
    if (detail === undefined || !('summary' in detail)) continue
    const at = toOpenAPIPath(path)
    const { responses, ...rest } = detail as Json
    const operation = {
      operationId: operationId(method, at),
      ...rest,
      responses: shareErrors(responses as Json, errors),
    }
    paths[at] = { ...paths[at], [method.toLowerCase()]: operation }
  }
  const schemas: Json = {}
  return {
    openapi: '3.0.3',
    info: {
      title: 'super-zol',
      version: '1.0.0',
      description:
        'The prices of Israel’s supermarkets: what a product costs, where, and since when.',
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    servers: [{ url: '/' }],
    tags: [
      { name: 'products', description: 'Products, each with the range of its current prices' },
      { name: 'prices', description: 'Prices by any filter, now or at any time' },
      { name: 'stores', description: 'Chains and their stores' },
      {
        name: 'analytics',
        description: 'What the prices say together: comparisons, trends, cheapest stores',
      },
      { name: 'metadata', description: 'What has been loaded, and what could not be' },
      { name: 'access', description: 'API keys, tokens, and who did what with them' },
      { name: 'health' },
    ],
    security: mode === 'open' ? [{}, ...KEY_OR_TOKEN] : KEY_OR_TOKEN,
    paths: withComponents(paths, schemas),
    components: {
      schemas,
      responses: withComponents(errors, schemas),
      securitySchemes: SECURITY_SCHEMES,
    },
  }
}

/** The responses, with a reference for each error, which goes into `shared` by its codes. */
function shareErrors(responses: Json, shared: Json): Json {
  const entries = Object.entries(responses as Record<string, Json>).map(([status, response]) => {
    const codes = String(response.description)
    if (Number(status) < 400 || !/^[A-Z_]+( or [A-Z_]+)*$/.test(codes)) return [status, response]
    const name = codes.replaceAll(' or ', '.')
    shared[name] = response
    return [status, { $ref: `#/components/responses/${name}` }]
  })
  return Object.fromEntries(entries)
}

/** Puts every schema with a title into `schemas`, and a reference where it stood. */
function withComponents(value: unknown, schemas: Json): unknown {
  if (Array.isArray(value)) return value.map((item) => withComponents(item, schemas))
  if (typeof value !== 'object' || value === null) return value
  const copy = Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([name, inner]) => [name, name === 'example' ? inner : withComponents(inner, schemas)]),
  )
  if (typeof copy.title !== 'string' || !('type' in copy)) return copy
  schemas[copy.title] = copy
  return { $ref: `#/components/schemas/${copy.title}` }
}

function operationId(method: string, path: string): string {
  const words = path.replace('/v1', '').match(/\w+/g) ?? []
  return [
    method.toLowerCase(),
    ...words.map((word) => word[0]?.toUpperCase() + word.slice(1)),
  ].join('')
}
