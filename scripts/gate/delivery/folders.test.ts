import { describe, expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { ROOT } from '../run-tool.ts'
import { RULES_FILE, readAlerts, ruleFile } from './alerts.ts'
import { imageTags, TAGS_FILE } from './image-tags.ts'
import { readVersions } from './versions.ts'

const files = readdirSync(join(ROOT, 'kustomize'), { recursive: true, encoding: 'utf8' })
const folders = files
  .filter((file) => basename(file) === 'kustomization.yaml')
  .map((file) => join(ROOT, 'kustomize', dirname(file)))

interface Kustomization {
  kind: string
  resources?: string[]
  components?: string[]
  patches?: { path?: string }[]
  configMapGenerator?: { files?: string[]; envs?: string[] }[]
}

describe('kustomize folders', () => {
  test('every kustomize folder has a short README', () => {
    expect(folders.length).toBeGreaterThan(15)
    for (const folder of folders) {
      const lines = readFileSync(join(folder, 'README.md'), 'utf8').split('\n').length
      expect([folder, lines < 25]).toEqual([folder, true])
    }
  })

  test('every file in a kustomize folder is used', () => {
    const unused = folders.flatMap((folder) => {
      const { resources = [], patches = [], configMapGenerator = [] } = read(folder)
      const generated = configMapGenerator.flatMap((generator) => [
        ...(generator.files ?? []),
        ...(generator.envs ?? []),
      ])
      const used = [
        ...resources,
        ...patches.map(({ path }) => path),
        ...generated.map((file) => file.replace(/^.*=/, '')),
      ]
      const there = readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => name)
      return there
        .filter(
          (name) =>
            !used.includes(name) &&
            !['README.md', 'kustomization.yaml', ...OTHER_FILES].includes(name),
        )
        .map((name) => join(folder, name))
    })
    expect(unused).toEqual([])
  })

  test('every kustomize folder is used by an overlay', () => {
    const used = new Set<string>()
    const follow = (folder: string) => {
      used.add(folder)
      for (const next of [...(read(folder).components ?? []), ...(read(folder).resources ?? [])]) {
        if (existsSync(join(folder, next, 'kustomization.yaml'))) follow(join(folder, next))
      }
    }
    for (const overlay of folders.filter((folder) => dirname(folder).endsWith('overlays')))
      follow(overlay)
    expect(
      folders.filter((folder) => !used.has(folder) && !OPTIONAL_COMPONENTS.test(folder)),
    ).toEqual([])
  })

  test('the rules of observability equal the alerts of monitoring', () => {
    expect(readFileSync(RULES_FILE, 'utf8')).toBe(ruleFile(readAlerts()))
  })

  test('the image tags equal those in versions.yaml', () => {
    expect(readFileSync(TAGS_FILE, 'utf8')).toBe(imageTags(readVersions()))
  })
})

/** Components that no overlay uses, as their requirements vary; toggles.test.ts builds them. */
const OPTIONAL_COMPONENTS =
  /\/(cluster\/.*|autoscaling-on-requests|grafana|spot|data-volume-shared)$/
/** Files that only people and tests use. */
const OTHER_FILES = ['volume-snapshot.yaml', 'alerts.test.yaml']

function read(folder: string): Kustomization {
  return Bun.YAML.parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8')) as Kustomization
}
