import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { takeInventory } from './inventory/inventory.ts'
import { inventoryMarkdown, inventoryText } from './inventory/inventory-report.ts'
import { profileVersion } from './profile/profile.ts'
import { profileMarkdown, profileText } from './profile/profile-report.ts'
import { type OnFile, readVersions, type VersionsRead } from './reading/versions-read.ts'
import { CHECKS } from './validate/findings.ts'
import { type ValidateOptions, validateVersions } from './validate/validate.ts'
import { validateMarkdown, validateText } from './validate/validate-report.ts'

/** A report on versions, as JSON, Markdown and text. */
export type Report = {
  name: 'inventory' | 'profile' | 'validate'
  /** The names of the versions. */
  versions: string[]
  json: object
  markdown: string
  /** A few lines for a terminal. */
  text: string
  /** True if a version or a file is unreadable or a finding is an error. */
  failed: boolean
}

/**
 * Lists the contents of versions: files by chain and type, rows, source files, stores, timestamps
 * and the parser's counts.
 */
export async function inventory(paths: string[], onFile: OnFile): Promise<Report> {
  const read = await readVersions(paths, (version) => takeInventory(version, onFile))
  return reportOn('inventory', read, {
    markdown: inventoryMarkdown,
    text: inventoryText,
    failed: hasUnreadable,
  })
}

/** Describes every column of the CSVs of versions: nulls, distinct values, range, samples. */
export async function profile(paths: string[], onFile: OnFile): Promise<Report> {
  const read = await readVersions(paths, (version) => profileVersion(version, onFile))
  return reportOn('profile', read, {
    markdown: profileMarkdown,
    text: profileText,
    failed: hasUnreadable,
  })
}

/** Checks versions alone, against each other and against loaded data (docs/data-quality.md). */
export async function validate(paths: string[], options: ValidateOptions): Promise<Report> {
  const { compared, ...read } = await validateVersions(paths, options)
  const report = reportOn('validate', read, {
    markdown: (versions) => validateMarkdown(versions, compared),
    text: (versions) => validateText(versions, compared),
    failed: ({ errors }) => errors > 0,
  })
  return { ...report, json: { compared, checks: CHECKS, ...read } }
}

function reportOn<T extends { version: string }>(
  name: Report['name'],
  { versions, errors }: VersionsRead<T>,
  tell: { [form in 'markdown' | 'text']: (versions: readonly T[]) => string } & {
    failed: (version: T) => boolean
  },
): Report {
  const withErrors = (text: string) => [text, ...errors.map((error) => `ERROR ${error}`)].join('\n')
  return {
    name,
    versions: versions.map(({ version }) => version),
    json: { versions, errors },
    markdown: withErrors(tell.markdown(versions)),
    text: withErrors(tell.text(versions)),
    failed: errors.length > 0 || versions.some(tell.failed),
  }
}

function hasUnreadable({ files }: { files: { error: string | null }[] }): boolean {
  return files.some(({ error }) => error !== null)
}

/** Writes `NAME.md` and `NAME.json` and returns their paths. */
export async function writeReport(
  { name, markdown, json }: Report,
  folder: string,
): Promise<string[]> {
  const paths = [join(folder, `${name}.md`), join(folder, `${name}.json`)] as const
  await mkdir(folder, { recursive: true })
  await writeFile(paths[0], `${markdown}\n`)
  await writeFile(paths[1], `${JSON.stringify(json, null, 2)}\n`)
  return [...paths]
}
