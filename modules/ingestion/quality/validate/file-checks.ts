import { AHEAD } from '../../files/version-end.ts'
import { formatCount, formatNumber, formatShare } from '../reading/markdown.ts'
import type { FileReading } from './file-reading.ts'
import { type Finding, finding, storeOf } from './findings.ts'
import type { VersionReading } from './version-reading.ts'

/** Checks the files of a version alone, without other versions. */
export function checkFiles({ files, leftovers, countedElsewhere }: VersionReading): Finding[] {
  return [
    ...leftovers.map((file) =>
      finding('leftover', 'warning', {
        file,
        message: 'passed over, a leftover beside its whole file',
      }),
    ),
    ...listSizes(files),
    ...files.flatMap((file) => [
      ...unreadable(file),
      ...rowCounts(file.file, file.counted, file.sourceFiles),
      ...uncounted(file),
      ...withoutRows(file.file, file.counted),
      ...emptyFile(file),
      ...unknownColumns(file),
      ...aheadLists(file),
      ...rejects(file),
    ]),
    ...[...countedElsewhere].flatMap(([file, counted]) => [
      ...rowCounts(file, counted, new Map()),
      ...withoutRows(file, counted),
    ]),
  ]
}

function unreadable({ file, error }: FileReading): Finding[] {
  return error === null ? [] : [finding('unreadable', 'error', { file, message: error })]
}

function rowCounts(
  file: string,
  counted: ReadonlyMap<string, number> | null,
  read: ReadonlyMap<string, number>,
) {
  return [...(counted ?? [])].flatMap(([source_file, rows]) => {
    const rowsRead = read.get(source_file) ?? 0
    if (rowsRead === rows) return []
    const message = `${formatCount(rowsRead, 'row')}, and the parser counted ${formatNumber(rows)}`
    return [
      finding('row-count', 'error', {
        file,
        source_file,
        message,
        figures: { read: rowsRead, counted: rows },
      }),
    ]
  })
}

function uncounted({ file, counted, sourceFiles }: FileReading): Finding[] {
  if (counted === null) return []
  const named = [...sourceFiles.keys()].filter((name) => !counted.has(name))
  if (named.length === 0) return []
  const rows = named.reduce((sum, name) => sum + (sourceFiles.get(name) ?? 0), 0)
  const message = `${formatCount(named.length, 'source file')} (${formatCount(rows, 'row')}) of which the parser’s status file says nothing`
  return [
    finding('uncounted', 'warning', {
      file,
      message,
      named,
      figures: { source_files: named.length, rows },
    }),
  ]
}

function withoutRows(file: string, counted: ReadonlyMap<string, number> | null): Finding[] {
  const named = [...(counted ?? [])].filter(([, rows]) => rows === 0).map(([name]) => name)
  if (counted === null || named.length === 0) return []
  const message = `${formatNumber(named.length)} of ${formatCount(counted.size, 'source file')} without rows`
  const figures = { source_files: named.length, of: counted.size }
  return [finding('source-file-empty', 'warning', { file, message, named, figures })]
}

function emptyFile({ file, rows, error }: FileReading): Finding[] {
  return rows > 0 || error !== null
    ? []
    : [finding('file-empty', 'warning', { file, message: 'a header and no row' })]
}

function unknownColumns({ file, unknownColumns: named }: FileReading): Finding[] {
  if (named.length === 0) return []
  const message = `${formatCount(named.length, 'unknown column')}: ${named.join(', ')}`
  return [
    finding('unknown-column', 'warning', {
      file,
      message,
      named,
      figures: { columns: named.length },
    }),
  ]
}

function aheadLists({ file, rejects: groups }: FileReading): Finding[] {
  return groups
    .filter(({ reason }) => reason === AHEAD)
    .map(({ rows, first }) => {
      const named = [...new Set(first.map(({ source_file }) => source_file))]
      const message = `${formatCount(rows, 'row')} with ${AHEAD}`
      return finding('list-ahead', 'error', {
        file,
        source_file: named[0] ?? null,
        message,
        named,
        figures: { rows },
      })
    })
}

/**
 * A list with a smaller share of the rows of the largest list of its store and time counts as
 * different.
 */
const SAME_LIST = 0.5

function listSizes(files: readonly FileReading[]): Finding[] {
  const lists = files.flatMap(({ file, lists }) => lists.map((list) => ({ ...list, file })))
  const full = lists.filter((list) => list.full)
  const groups = Map.groupBy(full, ({ store, moment }) => `${store} ${moment}`)
  return [...groups.values()].flatMap((group) => {
    const sorted = group.toSorted((a, b) => a.rows - b.rows)
    const [least, most] = [sorted[0], sorted.at(-1)]
    if (least === undefined || most === undefined || least.rows >= most.rows * SAME_LIST) return []
    const message = `${formatCount(group.length, 'list')} of one moment with ${formatNumber(least.rows)} to ${formatCount(most.rows, 'row')}`
    return [
      finding('list-size', 'error', {
        ...storeOf(least.store),
        file: least.file,
        source_file: least.sourceFile,
        message,
        named: sorted.map(({ sourceFile, rows }) => `${sourceFile}: ${rows}`),
        figures: { lists: group.length, least: least.rows, most: most.rows },
      }),
    ]
  })
}

/** Share of rejects from which they are an error: more than an occasional torn row. */
const MANY_REJECTS = 0.01

function rejects({ file, rows, rejects: groups }: FileReading): Finding[] {
  const others = groups.filter(({ reason }) => reason !== AHEAD)
  return others.map(({ reason, rows: rejected, first }) => {
    const share = rejected / rows
    const [one] = first
    return finding('rejects', share >= MANY_REJECTS ? 'error' : 'warning', {
      file,
      source_file: one?.source_file ?? null,
      line: one?.line ?? null,
      message: `${formatCount(rejected, 'row')} (${formatShare(share)}): ${reason}`,
      figures: { rows: rejected, share },
      named: first.map(
        ({ source_file, line, reason, raw }) => `${source_file} line ${line}: ${reason}: ${raw}`,
      ),
    })
  })
}
