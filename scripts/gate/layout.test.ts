import { describe, expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './run-tool.ts'

/** A folder with more sources holds more than one topic. */
const MAX_SOURCES = 16

function listFolders(name: string): string[] {
  const entries = readdirSync(join(ROOT, name), { withFileTypes: true })
  return [
    name,
    ...entries
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name: inner }) => listFolders(`${name}/${inner}`)),
  ]
}

describe('folders of src and modules', () => {
  for (const folder of [...listFolders('src'), ...listFolders('modules')]) {
    test(`${folder} says what lives there and holds at most ${MAX_SOURCES} sources`, () => {
      const sources = readdirSync(join(ROOT, folder)).filter((file) =>
        /(?<!\.test)\.ts$/.test(file),
      )
      expect(sources.length).toBeLessThanOrEqual(MAX_SOURCES)
      const [title, blank, line] = readFileSync(join(ROOT, folder, 'README.md'), 'utf8').split('\n')
      expect(title).toBe(`# ${folder.split('/').at(-1)}`)
      expect(blank).toBe('')
      expect(line).toMatch(/^[A-Z`].{20,}\.$/)
    })
  }
})
