import { swagger } from '@elysiajs/swagger'
import { Elysia } from 'elysia'
import manifest from '../../../package.json' with { type: 'json' }
import { KEY_OR_TOKEN } from './operation.ts'

type Json = Record<string, unknown>
export type DocumentedRoute = { method: string; path: string; hooks: { detail?: object } }

const DESCRIPTION =
  'The prices of Israel’s supermarkets: what a product costs, where, and since when. Reading needs no key; with one, more calls a minute are allowed.'
const SAMPLE_DESCRIPTION =
  '**This server has the generated sample: chains, stores, products and prices are invented.** '

const TAGS = [
  { name: 'products', description: 'Products, each with the range of its current prices' },
  { name: 'prices', description: 'Prices by any filter, now or at any time' },
  { name: 'stores', description: 'Chains and their stores' },
  { name: 'promotions', description: 'Promotions, with their terms, products and stores' },
  {
    name: 'analytics',
    description: 'What the prices say together: comparisons, trends, cheapest stores',
  },
  { name: 'metadata', description: 'What has been loaded, and what could not be' },
  { name: 'access', description: 'API keys, tokens, and who did what with them' },
  { name: 'health', description: 'Whether the process runs, and can answer' },
]

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
} as const

type Options = {
  /** `required`: reading needs a key or a token, too. */
  mode: 'open' | 'required'
  /** Whether the dataset is the generated sample. */
  isSample: boolean
  /** The path prefix at the proxy: empty, or such as `/prices`. */
  prefix: string
}

/**
 * Creates the OpenAPI 3.0.3 document of all routes with a summary, with @elysiajs/swagger. Schemas
 * with a title and errors become components. The page of the plugin is not used, because it loads
 * scripts from a CDN.
 */
export async function openApiDocument(
  routes: readonly DocumentedRoute[],
  { mode, isSample, prefix }: Options,
): Promise<Json> {
  const responses: Json = {}
  const schemas: Json = {}
  const app = new Elysia()
  for (const { method, path, hooks } of routes) {
    if (hooks.detail === undefined || !('summary' in hooks.detail)) continue
    const { responses: own, ...detail } = hooks.detail as Json
    const shared = { ...detail, responses: shareErrors(own as Json, responses) }
    app.route(method, path, () => '', { detail: withComponents(shared, schemas) as object })
  }
  const components = {
    responses: withComponents(responses, schemas),
    schemas,
    securitySchemes: SECURITY_SCHEMES,
  }
  app.use(
    swagger({
      path: '/page',
      specPath: '/document',
      documentation: {
        info: {
          title: 'super-zol',
          version: manifest.version,
          description: isSample ? SAMPLE_DESCRIPTION + DESCRIPTION : DESCRIPTION,
          license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
        },
        servers: [{ url: `${prefix}/` }],
        tags: TAGS,
        ...(mode === 'required' ? { security: KEY_OR_TOKEN } : {}),
        components: components as object,
      },
    }),
  )
  const response = await app.handle(new Request('http://localhost/document'))
  return JSON.parse(await response.text())
}

/**
 * Moves error responses into `shared`, named by their codes, and puts references in their place.
 */
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

/** Moves every schema with a title into `schemas`, and puts a reference in its place. */
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
