import { expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './run-tool.ts'

/**
 * The tables that a module publishes for the SQL of modules above it (docs/architecture.md, "Reads
 * across modules").
 */
const PUBLISHED: Record<string, readonly string[]> = {
  catalog: ['chains', 'products', 'settlements', 'stores'],
  pricing: [
    'price_lists',
    'prices',
    'promotion_keys',
    'promotion_lists',
    'promotion_terms',
    'reductions',
    'store_levels',
  ],
}

/** The modules whose published tables a module may read. */
const BELOW: Record<string, readonly string[]> = {
  catalog: [],
  pricing: ['catalog'],
  analytics: ['catalog', 'pricing'],
  ingestion: ['catalog', 'pricing'],
}

const COMMENTS = /\/\*.*?\*\/|^\s*\/\/.*$/gms
const READ = /(?<![\w./-])(catalog|pricing|analytics|ingestion|auth)\.([a-z_]+)\b(?!\.ts|\()/g
const WRITE =
  /(?:insert into|update|delete from|truncate|merge into)\s+(catalog|pricing|analytics|ingestion|auth)\.([a-z_]+)/g

/** The forbidden reads and writes in the SQL of a module's file. */
function violationsOf(module: string, source: string): string[] {
  const code = source.replace(COMMENTS, '')
  const reads = [...code.matchAll(READ)]
    .filter(([, schema = '', table = '']) => {
      const isPublished =
        BELOW[module]?.includes(schema) === true && PUBLISHED[schema]?.includes(table) === true
      return schema !== module && !isPublished
    })
    .map(([name]) => `reads ${name}`)
  const writes = [...code.matchAll(WRITE)]
    .filter(([, schema]) => schema !== module)
    .map(([, schema, table]) => `writes ${schema}.${table}`)
  return [...reads, ...writes]
}

function sourcesOf(module: string): string[] {
  return readdirSync(join(ROOT, 'modules', module), { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.ts$/.test(file) && !/\.test\.ts$|^testing\/|tables\.ts$/.test(file),
  )
}

test.each(Object.keys(BELOW))(
  'the SQL of %s reads only tables that lower modules publish and writes only its own tables',
  (module) => {
    const violations = sourcesOf(module).flatMap((file) =>
      violationsOf(module, readFileSync(join(ROOT, 'modules', module, file), 'utf8')).map(
        (violation) => `${file} ${violation}`,
      ),
    )
    expect(violations).toEqual([])
  },
)

test.each([
  ['catalog', 'select from pricing.prices p', ['reads pricing.prices']],
  ['pricing', 'select from ingestion.runs', ['reads ingestion.runs']],
  ['analytics', 'select from pricing.coverage', ['reads pricing.coverage']],
  ['analytics', 'delete from pricing.prices', ['writes pricing.prices']],
  ['pricing', 'select from catalog.stores s', []],
])('violations are found in the SQL of %s: %s', (module, source, violations) => {
  expect(violationsOf(module, source)).toEqual(violations)
})
