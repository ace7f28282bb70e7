import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { findViolations, readRules } from './boundaries.ts'
import { ROOT } from './run-tool.ts'

/** One violation of each rule, by the file that commits it. */
const PLANTED = {
  'modules/catalog/cycle.ts': ['no-cycles', './cycle-back.ts'],
  'modules/catalog/broken.ts': ['no-broken-imports', './nowhere.ts'],
  'modules/pricing/inner.ts': ['modules-through-their-index', '../catalog/inside.ts'],
  'scripts/inner.ts': ['shell-through-the-index', '../modules/catalog/inside.ts'],
  'modules/catalog/up.ts': ['catalog-stands-alone', '../pricing/index.ts'],
  'modules/pricing/up.ts': ['pricing-on-catalog-only', '../ingestion/index.ts'],
  'modules/ingestion/across.ts': ['nobody-needs-the-ends', '../analytics/index.ts'],
  'modules/pricing/app.ts': ['modules-on-the-shared-shell-only', '../../src/app.ts'],
  'src/http/prices.ts': ['shell-without-modules', '../../modules/pricing/index.ts'],
  'src/tools.ts': ['no-scripts-in-the-product', '../scripts/tool.ts'],
  'src/db/tested.ts': ['no-test-code-in-the-product', '../testing/test-database.ts'],
  'src/checked.ts': ['no-dev-dependencies-in-the-product', 'fast-check'],
  'src/undeclared.ts': ['no-undeclared-dependencies', 'pg'],
} as const

const rules = await readRules()

/** A violation of each layer rule: a file in a lower folder that imports from a higher one. */
const LAYERS = rules
  .filter(({ name }) => name.startsWith('layers-of-'))
  .map(({ name, from, to }) => {
    const [, room, above] = /^\^(.*)\/\((.*)\)\/$/.exec(String(to.path)) ?? []
    const top = `${room}/${above?.split('|').at(-1)}/top.ts`
    return { rule: name, file: `${from.path?.slice(1)}upwards.ts`, top }
  })

const ALLOWED = {
  'modules/catalog/cycle-back.ts': "import './cycle.ts'",
  'modules/catalog/inside.ts': "import '../../src/env.ts'",
  'modules/catalog/index.ts': "import './inside.ts'",
  'modules/pricing/index.ts': "import '../catalog/index.ts'\nimport '../../src/db/connect.ts'",
  'modules/ingestion/index.ts': "import '../pricing/index.ts'\nimport '../catalog/index.ts'",
  'modules/analytics/index.ts': "import '../pricing/index.ts'",
  'modules/pricing/index.test.ts':
    "import '../../src/app.ts'\nimport '../../src/testing/test-database.ts'\nimport 'bun:test'",
  'scripts/tool.ts': "import '../src/env.ts'\nimport '../modules/catalog/index.ts'",
  'src/app.ts': "import '../modules/pricing/index.ts'",
  'src/env.ts': "import 'node:path'",
  'src/db/connect.ts': "import 'postgres'",
  'src/testing/test-database.ts': "import '../db/connect.ts'",
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'super-zol-boundaries-'))
  for (const file of ['package.json', 'tsconfig.json'])
    copyFileSync(join(ROOT, file), join(folder, file))
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  for (const [file, text] of Object.entries(ALLOWED)) write(file, text)
  for (const [file, [, target]] of Object.entries(PLANTED)) write(file, `import '${target}'`)
  for (const { file, top } of LAYERS) {
    write(top, '')
    write(file, `import '${relative(dirname(file), top)}'`)
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), `${text}\nexport {}\n`)
}

describe('boundary rules', () => {
  test('each rule has a reason in one sentence and a test with a violation', () => {
    for (const { comment } of rules) expect(comment).toMatch(/^[A-Z].{30,}\.$/)
    expect(rules.map(({ name }) => name).sort()).toEqual(
      [
        ...Object.values(PLANTED).map(([rule]) => rule as string),
        ...LAYERS.map(({ rule }) => rule),
      ].sort(),
    )
  })

  test('the boundary rules report every planted violation and no file that keeps to them', async () => {
    const violations = await findViolations(folder)
    for (const [file, [rule]] of Object.entries(PLANTED)) {
      expect(
        violations
          .filter(({ from, to }) => `${from} ${to}`.includes(file))
          .map((violation) => violation.rule),
      ).toContain(rule)
    }
    for (const { file, rule } of LAYERS) {
      expect(
        violations.filter(({ from }) => from === file).map((violation) => violation.rule),
      ).toContain(rule)
    }
    expect(violations.filter(({ from, rule }) => from in ALLOWED && rule !== 'no-cycles')).toEqual(
      [],
    )
  })

  test('the boundary check fails for a folder without sources', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'super-zol-empty-'))
    await expect(findViolations(empty)).rejects.toThrow(
      'Cannot check the boundaries: there are no sources',
    )
    rmSync(empty, { recursive: true })
  })
})
