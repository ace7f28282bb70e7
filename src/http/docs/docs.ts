import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { Elysia } from 'elysia'
import { notFound } from '../contract/app-error.ts'
import { type DocumentedRoute, openApiDocument } from './openapi.ts'

const TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  png: 'image/png',
}
const FROM_PACKAGE = new Set(['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'])

const PAGE = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>super-zol API</title>
  <link rel="stylesheet" href="/docs/assets/swagger-ui.css">
  <link rel="icon" type="image/png" href="/docs/assets/favicon-32x32.png">
</head>
<body>
  <div id="swagger-ui"></div>
  <script src="/docs/assets/swagger-ui-bundle.js"></script>
  <script src="/docs/assets/start.js"></script>
</body>
</html>
`

/** Swagger UI styles its elements itself, and has its icons inside. */
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

/** Without `validatorUrl: null` the UI asks a server on the internet whether the document is valid. */
const START = `SwaggerUIBundle({ url: '/docs/json', dom_id: '#swagger-ui', validatorUrl: null, deepLinking: true })\n`

/** Swagger UI at /docs with its own assets, and the OpenAPI document at /docs/json. */
export function docsRoutes(routes: () => readonly DocumentedRoute[], mode: 'open' | 'required') {
  return new Elysia({ name: 'docs' })
    .get(
      '/docs',
      () =>
        new Response(PAGE, {
          headers: {
            'content-type': 'text/html; charset=utf-8',
            'content-security-policy': POLICY,
          },
        }),
    )
    .get('/docs/json', () => Response.json(openApiDocument(routes(), mode)))
    .get('/docs/assets/:name', async ({ params: { name } }) => {
      const headers = {
        'content-type': TYPES[name.split('.').at(-1) ?? ''] ?? '',
        'cache-control': 'public, max-age=86400',
      }
      if (name === 'start.js') return new Response(START, { headers })
      if (!FROM_PACKAGE.has(name)) throw notFound('NOT_FOUND', `asset ${name}`)
      const path = createRequire(import.meta.url).resolve(`swagger-ui-dist/${name}`)
      return new Response(await readFile(path), { headers })
    })
}
