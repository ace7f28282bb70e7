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

describe('the folders of kustomize', () => {
  test('have a README of a few lines each', () => {
    expect(folders.length).toBeGreaterThan(15)
    for (const folder of folders) {
      const lines = readFileSync(join(folder, 'README.md'), 'utf8').split('\n').length
      expect([folder, lines < 25]).toEqual([folder, true])
    }
  })

  test('hold no file that nobody uses', () => {
    const unused = folders.flatMap((folder) => {
      const { resources = [], patches = [], configMapGenerator = [] } = read(folder)
      const generated = configMapGenerator.flatMap((one) => [
        ...(one.files ?? []),
        ...(one.envs ?? []),
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
            !used.includes(name) && !['README.md', 'kustomization.yaml', ...BESIDE].includes(name),
        )
        .map((name) => join(folder, name))
    })
    expect(unused).toEqual([])
  })

  test('are all used by an overlay', () => {
    const used = new Set<string>()
    const follow = (folder: string) => {
      used.add(folder)
      for (const next of [...(read(folder).components ?? []), ...(read(folder).resources ?? [])]) {
        if (existsSync(join(folder, next, 'kustomization.yaml'))) follow(join(folder, next))
      }
    }
    for (const overlay of folders.filter((folder) => dirname(folder).endsWith('overlays')))
      follow(overlay)
    expect(folders.filter((folder) => !used.has(folder) && !ELSEWHERE.test(folder))).toEqual([])
  })

  test('have the alerts of monitoring; bun scripts/sync-versions.ts writes them', () => {
    expect(readFileSync(RULES_FILE, 'utf8')).toBe(ruleFile(readAlerts()))
  })

  test('have the tags of versions.yaml; bun scripts/sync-versions.ts writes them', () => {
    expect(readFileSync(TAGS_FILE, 'utf8')).toBe(imageTags(readVersions()))
  })
})

/** For clusters that have what they need; toggles.test.ts builds the components. */
const ELSEWHERE = /\/(cluster\/.*|autoscaling-on-requests|grafana|spot|data-volume-shared)$/
/** Used by people and by tests. */
const BESIDE = ['volume-snapshot.yaml', 'alerts.test.yaml']

function read(folder: string): Kustomization {
  return Bun.YAML.parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8')) as Kustomization
}
