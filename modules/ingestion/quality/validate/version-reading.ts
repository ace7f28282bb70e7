import { datasetFiles } from '../../files/dataset-files.ts'
import { readParserCounts, readStatusName } from '../../files/parser-status.ts'
import { type CsvName, readCsvName } from '../../files/source-file.ts'
import { lastMomentOf, lastStoreMomentOf } from '../../files/version-end.ts'
import type { Version } from '../../files/versions.ts'
import {
  type FileReading,
  type ListReading,
  type ReadingContext,
  readFile,
} from './file-reading.ts'

/** The facts of a version for validation. */
export type VersionReading = {
  version: string
  path: string
  date: string | null
  files: FileReading[]
  /** CSVs that are skipped beside their complete files. */
  leftovers: string[]
  /** The parser's counts for missing CSVs, by the name of the CSV. */
  countedElsewhere: Map<string, Map<string, number>>
}

/** The price lists of a version. */
export function listsOf({ files }: VersionReading): ListReading[] {
  return files.flatMap(({ lists }) => lists)
}

/**
 * Reads a version by the rules of loading, counts its prices, and collects the facts for the
 * checks.
 */
export async function readVersion(
  version: Version,
  context: ReadingContext,
  onFile: (file: string) => void,
): Promise<VersionReading> {
  const { name, path, date } = version
  const files: FileReading[] = []
  const countedElsewhere = new Map<string, Map<string, number>>()
  // product descriptions and promotion terms do not matter here
  const { wordings, promotions, termsByWording, termsByDigest } = context.registry
  for (const map of [wordings, promotions, termsByWording, termsByDigest]) map.clear()
  const { csvs, leftovers } = datasetFiles(version.files)
  for (const { file, name: csv } of csvs) {
    onFile(file.name)
    const counted = await readParserCounts(version, csv)
    const lastMoment = csv.family === 'store' ? lastStoreMomentOf : lastMomentOf
    const notAfter = lastMoment(version, Date.now())
    files.push(await readFile(file, { ...csv, counted, notAfter }, context))
  }
  for (const file of version.files) {
    if (readCsvName(file.name) !== null) continue
    const status = readStatusName(file.name)
    if (status === null || version.files.some((other) => isCsvOf(other.name, status))) continue
    const counted = await readParserCounts(version, status)
    if (counted !== null) countedElsewhere.set(`${status.family}_file_${status.slug}.csv`, counted)
  }
  return { version: name, path, date, files, leftovers, countedElsewhere }
}

function isCsvOf(name: string, { slug, family }: CsvName): boolean {
  const csv = readCsvName(name)
  return csv?.slug === slug && csv.family === family
}
