import { openVersion } from '../../files/versions.ts'
import { formatCount } from '../reading/markdown.ts'
import { fileReporter, type OnFile, readVersions } from '../reading/versions-read.ts'
import { checkFiles } from './file-checks.ts'
import { type ReadingContext, readingContext } from './file-reading.ts'
import type { Finding } from './findings.ts'
import { addVersion, dayOf, type History, newHistory } from './history.ts'
import { checkAgainst, checkStores } from './history-checks.ts'
import { type Loaded, readLoaded } from './loaded.ts'
import { findOutliers, type Outliers, toOutlierFindings } from './outliers.ts'
import { type Median, suspects } from './price-counts.ts'
import { listsOf, readVersion, type VersionReading } from './version-reading.ts'

/** The findings of a version, errors first. */
export type VersionValidation = {
  version: string
  path: string
  date: string | null
  files: number
  rows: number
  price_lists: number
  errors: number
  warnings: number
  findings: Finding[]
}

export type ValidateOptions = {
  onFile: OnFile
  /** A store without a list for this many days is silent. */
  silentAfterDays: number
  /** Loaded data to compare with; null without a database. */
  loaded: Loaded | null
}

/** `compared` describes what the versions were compared with. */
export type Validation = { compared: string; versions: VersionValidation[]; errors: string[] }

/**
 * Validates versions alone, against earlier ones by day, and against loaded data. Reads every file
 * twice: first by the rules of loading, then for the rows with suspicious prices.
 */
export async function validateVersions(
  paths: string[],
  { onFile, silentAfterDays, loaded }: ValidateOptions,
): Promise<Validation> {
  const context = readingContext()
  const loadedHistory = loaded === null ? null : await readLoaded(loaded, context)
  const compared = comparedWith(loaded, loadedHistory)
  const { versions: read, errors } = await readVersions(paths, (version) =>
    readVersion(version, context, fileReporter(version, onFile)),
  )
  const medians = suspects(context.prices)
  const history = loadedHistory ?? newHistory()
  for (const reading of read) addVersion(history, reading)
  const sorted = read.toSorted((a, b) => (dayOf(a) < dayOf(b) ? -1 : 1))
  const versions: VersionValidation[] = []
  for (const reading of sorted) {
    const findings = [...checkFiles(reading), ...checkAgainst(history, reading)]
    if (reading === sorted.at(-1)) findings.push(...checkStores(history, reading, silentAfterDays))
    findings.push(...(await outliersOf(reading, { context, medians })))
    versions.push(summary(reading, findings))
  }
  return { compared, versions, errors }
}

function comparedWith(loaded: Loaded | null, known: History | null): string {
  const others = 'Compared with the other versions given'
  if (loaded === null) return `${others}; there is no database.`
  if (known === null) return `${others}; the database holds nothing of ${loaded.datasetId}.`
  const versions = new Set(known.files.map(({ version }) => version)).size
  return `${others} and with what is loaded of ${loaded.datasetId} (${formatCount(versions, 'version')} with new files).`
}

type Suspected = { context: ReadingContext; medians: ReadonlyMap<number, Median> }

async function outliersOf(
  reading: VersionReading,
  { context, medians }: Suspected,
): Promise<Finding[]> {
  const outliers: Outliers = new Map()
  const version = await openVersion(reading.path)
  try {
    for (const file of version.files) {
      const fileReading = reading.files.find((one) => one.file === file.name)
      if (
        fileReading === undefined ||
        fileReading.error !== null ||
        !fileReading.family.startsWith('price')
      )
        continue
      await findOutliers(file, fileReading, {
        registry: context.registry,
        medians,
        found: outliers,
      })
    }
  } finally {
    version.close()
  }
  return toOutlierFindings(outliers)
}

function summary(reading: VersionReading, findings: Finding[]): VersionValidation {
  const { version, path, date, files } = reading
  const errors = findings.filter(({ level }) => level === 'error')
  const warnings = findings.filter(({ level }) => level === 'warning')
  return {
    version,
    path,
    date,
    files: files.length,
    rows: files.reduce((sum, { rows }) => sum + rows, 0),
    price_lists: listsOf(reading).length,
    errors: errors.length,
    warnings: warnings.length,
    findings: [...errors, ...warnings],
  }
}
