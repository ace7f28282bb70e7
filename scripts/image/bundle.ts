/**
 * bun scripts/image/bundle.ts OUT: the product as one file, and beside it what it reads while it runs.
 * In the bundle `import.meta.url` is each file's place below HOME, so that paths relative to a file stay true.
 */
import { cpSync, mkdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** Where the image holds it. */
const HOME = '/app'
const ROOT = fileURLToPath(new URL('../..', import.meta.url).href)
/** Read by path: migrations, and the assets of Swagger UI. */
const BESIDE = [
  'drizzle',
  ...['package.json', 'swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'].map(
    (name) => `node_modules/swagger-ui-dist/${name}`,
  ),
]

const ownPlaces: Bun.BunPlugin = {
  name: 'own-places',
  setup: (build) => {
    build.onLoad({ filter: /\/(src|modules|scripts)\/.*\.ts$/ }, async ({ path }) => {
      const place = JSON.stringify(pathToFileURL(join(HOME, relative(ROOT, path))).href)
      return { contents: (await Bun.file(path).text()).replaceAll('import.meta.url', place), loader: 'ts' }
    })
  },
}

const [out] = process.argv.slice(2)
if (out === undefined) throw new Error('Cannot bundle: name a folder to write to')
const { outputs } = await Bun.build({
  entrypoints: [join(ROOT, 'src/main.ts'), join(ROOT, 'scripts/image/health.ts')],
  outdir: out,
  naming: '[name].[ext]',
  target: 'bun',
  minify: { syntax: true, whitespace: true },
  sourcemap: 'linked',
  plugins: [ownPlaces],
})
for (const path of BESIDE) {
  mkdirSync(dirname(join(out, path)), { recursive: true })
  cpSync(join(ROOT, path), join(out, path), { recursive: true })
}
for (const { path, size } of outputs) console.log(`${path} ${(size / 1e6).toFixed(2)} MB`)
