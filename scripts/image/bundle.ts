/**
 * bun scripts/image/bundle.ts OUT: the product as one file, and beside it what it reads while it
 * runs. In the bundle `import.meta.url` is each file's place below HOME, so that paths relative to
 * a file stay true.
 */
import { cpSync, mkdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** Where the image holds it. */
const HOME = '/app'
const ROOT = fileURLToPath(new URL('../..', import.meta.url).href)
/**
 * The programs, by the folder that they go to; the second, a source of the dataset, is for clusters
 * without the world outside.
 */
const ENTRIES = {
  '.': ['src/main.ts', 'scripts/image/health.ts'],
  'scripts/kaggle-server': ['scripts/kaggle-server/main.ts'],
  // started by its place
  'modules/analytics/optimize': ['modules/analytics/optimize/optimize-worker.ts'],
}
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
      const text = (await Bun.file(path).text()).replaceAll(
        /new URL\('(.*-worker)\.ts', import/g,
        "new URL('$1.js', import",
      )
      return { contents: text.replaceAll('import.meta.url', place), loader: 'ts' }
    })
  },
}

const [out] = process.argv.slice(2)
if (out === undefined) throw new Error('Cannot bundle: name a folder to write to')
const built = Object.entries(ENTRIES).map(([folder, entries]) =>
  Bun.build({
    entrypoints: entries.map((entry) => join(ROOT, entry)),
    outdir: join(out, folder),
    naming: '[name].[ext]',
    target: 'bun',
    minify: { syntax: true, whitespace: true },
    sourcemap: 'linked',
    plugins: [ownPlaces],
  }),
)
for (const path of BESIDE) {
  mkdirSync(dirname(join(out, path)), { recursive: true })
  cpSync(join(ROOT, path), join(out, path), { recursive: true })
}
const outputs = (await Promise.all(built)).flatMap((one) => one.outputs)
for (const { path, size } of outputs) console.log(`${path} ${(size / 1e6).toFixed(2)} MB`)
