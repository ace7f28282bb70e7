import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { Elysia } from 'elysia'
import manifest from '../../../package.json' with { type: 'json' }
import { type Generation, isSample } from '../../db/generation.ts'
import { notFound } from '../contract/app-error.ts'
import { pathPrefix } from '../path-prefix.ts'
import { type DocumentedRoute, openApiDocument } from './openapi.ts'

const TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  png: 'image/png',
}
const FROM_PACKAGE = new Set(['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'])

const page = (prefix: string) => `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>super-zol API</title>
  <link rel="stylesheet" href="${prefix}/docs/assets/swagger-ui.css">
  <link rel="icon" type="image/png" href="${prefix}/docs/assets/favicon-32x32.png">
</head>
<body>
  <div id="swagger-ui"></div>
  <script src="${prefix}/docs/assets/swagger-ui-bundle.js"></script>
  <script src="${prefix}/docs/assets/start.js"></script>
</body>
</html>
`

/**
 * The content security policy of the docs page. Swagger UI uses inline styles and data URLs for
 * icons.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** `validatorUrl: null` stops the UI from sending the document to a validator on the internet. */
const startScript = (prefix: string) =>
  `SwaggerUIBundle({ url: '${prefix}/docs/json', dom_id: '#swagger-ui', validatorUrl: null, deepLinking: true, filter: true })\n`

type Options = {
  routes: () => readonly DocumentedRoute[]
  mode: 'open' | 'required'
  /** The number of trusted proxies in front, whose X-Forwarded-Prefix is used. */
  hops: number
  /** The current generation; null while it is not known. */
  generation: () => Generation | null
}

/**
 * Routes for the service description at /, Swagger UI at /docs, and the OpenAPI document at
 * /docs/json.
 */
export function docsRoutes({ routes, mode, hops, generation }: Options) {
  const isSampleNow = () => isSample(generation())
  return new Elysia({ name: 'docs' })
    .get('/', ({ request }) => {
      const prefix = pathPrefix(request, hops)
      return Response.json({
        name: 'super-zol',
        version: manifest.version,
        sample: isSampleNow(),
        docs: `${prefix}/docs`,
        openapi: `${prefix}/docs/json`,
        health: `${prefix}/health`,
        api: `${prefix}/v1`,
      })
    })
    .get(
      '/docs',
      ({ request }) =>
        new Response(page(pathPrefix(request, hops)), {
          headers: {
            'content-type': 'text/html; charset=utf-8',
            'content-security-policy': POLICY,
          },
        }),
    )
    .get('/docs/json', async ({ request }) => {
      const prefix = pathPrefix(request, hops)
      return Response.json(
        await openApiDocument(routes(), { mode, isSample: isSampleNow(), prefix }),
      )
    })
    .get('/docs/assets/:name', async ({ request, params: { name } }) => {
      const headers = {
        'content-type': TYPES[name.split('.').at(-1) ?? ''] ?? '',
        'cache-control': 'public, max-age=86400',
      }
      if (name === 'start.js')
        return new Response(startScript(pathPrefix(request, hops)), { headers })
      if (!FROM_PACKAGE.has(name)) throw notFound('NOT_FOUND', `asset ${name}`)
      const path = createRequire(import.meta.url).resolve(`swagger-ui-dist/${name}`)
      return new Response(await readFile(path), { headers })
    })
}
