import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { takeInventory } from './inventory.ts'
import { inventoryMarkdown, inventoryText } from './inventory-report.ts'
import { profileVersion } from './profile.ts'
import { profileMarkdown, profileText } from './profile-report.ts'
import { type OnFile, readVersions, type VersionsRead } from './versions-read.ts'

/** What was found in versions, for machines and for people. */
export type Report = {
  name: 'inventory' | 'profile'
  /** The names of the versions. */
  versions: string[]
  json: object
  markdown: string
  /** A few lines for a terminal. */
  text: string
  /** Whether a version or a file could not be read. */
  failed: boolean
}

/** Lists what versions hold: files by chain and type, rows, source files, stores, moments, what the parser counted. */
export async function inventory(paths: string[], onFile: OnFile): Promise<Report> {
  const read = await readVersions(paths, (version) => takeInventory(version, onFile))
  return reportOn('inventory', read, { markdown: inventoryMarkdown, text: inventoryText })
}

/** Describes every column of the CSVs of versions: nulls, distinct values, range, samples. */
export async function profile(paths: string[], onFile: OnFile): Promise<Report> {
  const read = await readVersions(paths, (version) => profileVersion(version, onFile))
  return reportOn('profile', read, { markdown: profileMarkdown, text: profileText })
}

type Told = { version: string; files: { error: string | null }[] }

function reportOn<T extends Told>(
  name: Report['name'],
  { versions, errors }: VersionsRead<T>,
  tell: { [form in 'markdown' | 'text']: (versions: readonly T[]) => string },
): Report {
  const withErrors = (text: string) => [text, ...errors.map((error) => `ERROR ${error}`)].join('\n')
  return {
    name,
    versions: versions.map(({ version }) => version),
    json: { versions, errors },
    markdown: withErrors(tell.markdown(versions)),
    text: withErrors(tell.text(versions)),
    failed: errors.length > 0 || versions.some(({ files }) => files.some(({ error }) => error !== null)),
  }
}

/** Writes `NAME.md` and `NAME.json`; answers their paths. */
export async function writeReport({ name, markdown, json }: Report, folder: string): Promise<string[]> {
  const paths = [join(folder, `${name}.md`), join(folder, `${name}.json`)] as const
  await mkdir(folder, { recursive: true })
  await writeFile(paths[0], `${markdown}\n`)
  await writeFile(paths[1], `${JSON.stringify(json, null, 2)}\n`)
  return [...paths]
}
