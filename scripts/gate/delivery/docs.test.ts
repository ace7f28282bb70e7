import { expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT } from '../run-tool.ts'
import { readAlerts } from './alerts.ts'
import { rules } from './rules.ts'
import { deliverySteps } from './steps.ts'

const pages = ['docs', 'kustomize'].flatMap((folder) => {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
  return files.filter((file) => file.endsWith('.md')).map((file) => join(folder, file))
})
const texts = [...pages, 'README.md'].map((page) => ({
  page,
  text: readFileSync(join(ROOT, page), 'utf8'),
}))

/** Names in the pages that match a pattern but do not exist. */
function missingNames(pattern: RegExp, exists: (name: string, page: string) => boolean): string[] {
  return texts.flatMap(({ page, text }) => {
    const names = [...text.matchAll(pattern)].map(([, name = '']) => name)
    return names.filter((name) => !exists(name, page)).map((name) => `${page}: ${name}`)
  })
}

test('every link between the pages points to an existing file', () => {
  expect(texts.length).toBeGreaterThan(30)
  const brokenLinks = missingNames(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g, (name, page) =>
    existsSync(join(ROOT, dirname(page), name)),
  )
  expect(brokenLinks).toEqual([])
})

test('every file that a page names exists', () => {
  const named =
    /`((?:src|modules|scripts|kustomize|docs|drizzle)\/[\w./-]+\.(?:ts|sh|mjs|md|yaml|env|sql))\b[^`]*`/g
  expect(
    missingNames(named, (name) => name.includes('NNNN') || existsSync(join(ROOT, name))),
  ).toEqual([])
  const components = /components\/([a-z-]+)\b/g
  expect(
    missingNames(components, (name) => existsSync(join(ROOT, 'kustomize/components', name))),
  ).toEqual([])
})

test('every alert, rule and step that a page names exists', () => {
  const alerts = new Set(
    readAlerts().groups.flatMap((group) => group.rules.map(({ alert }) => alert)),
  )
  expect(missingNames(/`(SuperZol\w+)`/g, (name) => alerts.has(name))).toEqual([])
  const ruleNames = new Set(rules.map(({ name }) => name))
  expect(missingNames(/\brules? `([a-z-]+)`/g, (name) => ruleNames.has(name))).toEqual([])
  const steps = new Set(deliverySteps.map(({ name }) => name))
  const commands = /`npm run check -- ([a-z -]+)`/g
  expect(
    missingNames(commands, (names) =>
      names.split(' ').every((name) => steps.has(name) || name === 'lint'),
    ),
  ).toEqual([])
})
