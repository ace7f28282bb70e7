import { type CsvName, readCsvName } from './source-file.ts'

/** Suffixes of a slug that mark temporary files and copies. */
const LEFTOVER =
  /(?:[_.-](?:temp|tmp|part|partial|bak|backup|old|copy|orig)\d*| ?\(\d+\)| - copy)+$/i

/** The CSVs of a version, and the names of the skipped ones. */
export type DatasetFiles<F> = { csvs: { file: F; name: CsvName }[]; leftovers: string[] }

/**
 * Finds the CSVs of a version. A leftover such as `price_full_file_x_temp.csv` is skipped beside
 * its complete file. Without the complete file it is read in its place.
 */
export function datasetFiles<F extends { name: string }>(files: readonly F[]): DatasetFiles<F> {
  const all = files.flatMap((file) => {
    const name = readCsvName(file.name)
    if (name === null) return []
    const slug = name.slug.replace(LEFTOVER, '')
    return [{ file, name: { ...name, slug: slug === '' ? name.slug : slug }, slug: name.slug }]
  })
  const complete = new Set(
    all.flatMap(({ name, slug }) => (name.slug === slug ? [`${name.family} ${slug}`] : [])),
  )
  const isLeftover = ({ name, slug }: (typeof all)[number]) =>
    name.slug !== slug && complete.has(`${name.family} ${name.slug}`)
  return {
    csvs: all.filter((one) => !isLeftover(one)).map(({ file, name }) => ({ file, name })),
    leftovers: all.filter(isLeftover).map(({ file }) => file.name),
  }
}
