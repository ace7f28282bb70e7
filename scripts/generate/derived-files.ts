import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { envExample } from '../../src/env.ts'
import { noBuilder } from '../gate/delivery/build.ts'
import { ROOT } from '../gate/run-tool.ts'
import { capacityTable } from './capacity-table.ts'
import { openApiDocument } from './openapi-document.ts'
import { settingsList } from './settings-list.ts'

/** A file that is written from code, in whole or between two markers. */
export interface DerivedFile {
  /** Relative to the repository. */
  path: string
  /** Why it cannot be generated on this machine; undefined when it can. */
  missing: () => string | undefined
  /** Its whole text. */
  generate: () => Promise<string>
}

const available = () => undefined

export const derivedFiles: DerivedFile[] = [
  { path: 'docs/openapi.json', missing: available, generate: openApiDocument },
  { path: '.env.example', missing: available, generate: async () => envExample() },
  {
    path: 'README.md',
    missing: available,
    generate: async () => withSection('README.md', settingsList(envExample())),
  },
  {
    path: 'docs/capacity.md',
    missing: noBuilder,
    generate: async () => withSection('docs/capacity.md', await capacityTable()),
  },
]

/** The file with `section` between its markers `<!-- generated -->` and `<!-- end -->`. */
function withSection(path: string, section: string): string {
  const text = readFileSync(join(ROOT, path), 'utf8')
  const parts = /^(.*<!-- generated[^>]*-->\n).*(\n<!-- end -->\n.*)$/s.exec(text)
  if (!parts) throw new Error(`Cannot generate ${path}: it has no markers`)
  return `${parts[1]}${section}${parts[2]}`
}
