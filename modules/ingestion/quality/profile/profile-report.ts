import {
  type Column,
  formatBytes,
  formatCount,
  formatNumber,
  formatShare,
  table,
} from '../reading/markdown.ts'
import type { ColumnProfile } from './column-profile.ts'
import type { FileProfile, VersionProfile } from './profile.ts'

const COLUMNS: Column<ColumnProfile>[] = [
  ['column', (column) => column.column],
  ['null', (column) => formatShare(column.null_share)],
  ['distinct', (column) => `${column.distinct_exact ? '' : '≈ '}${formatNumber(column.distinct)}`],
  ['values', (column) => formatKinds(column)],
  ['range', (column) => formatRange(column)],
  ['samples', (column) => column.samples.join(' · ')],
]

/** The profiles of versions as Markdown. */
export function profileMarkdown(versions: readonly VersionProfile[]): string {
  return [
    '# Profile',
    [
      'Cells are read with the masking undone. "Null": empty, or a word for "nothing" (unknown, לא ידוע, NO_BODY, …).',
      '"≈": estimated (HyperLogLog, off by about 1%); without it every value was counted.',
      'The range is that of the numbers, the dates, or else of the lengths in characters. Samples are chosen by hash.',
    ].join('\n'),
    ...versions.flatMap(({ version, path, files }) => [
      `## ${version}`,
      path,
      ...files.map(fileSection),
    ]),
  ].join('\n\n')
}

function fileSection(profile: FileProfile): string {
  const { file, bytes, rows, source_files, masking, unreadable_rows, error, columns } = profile
  const facts = [
    formatBytes(bytes),
    formatCount(rows, 'row'),
    formatCount(source_files, 'source file'),
    ...(masking === 'keys' ? ['empty cells filled in the key columns only'] : []),
    ...(unreadable_rows > 0 ? [`**${formatCount(unreadable_rows, 'unreadable row')}**`] : []),
  ]
  return [
    `### ${file}`,
    facts.join(', '),
    ...(error === null ? [] : [`**${error}**`]),
    ...(columns.length === 0 ? [] : [table(COLUMNS, columns)]),
  ].join('\n\n')
}

/** One line per version and one per unreadable file. */
export function profileText(versions: readonly VersionProfile[]): string {
  return versions
    .flatMap(({ version, files }) => {
      const rows = files.reduce((sum, file) => sum + file.rows, 0)
      const columns = files.reduce((sum, file) => sum + file.columns.length, 0)
      const unread = files
        .filter(({ error }) => error !== null)
        .map(({ file, error }) => `${version}: ${file}: ${error}`)
      const facts = [
        formatCount(files.length, 'CSV'),
        formatCount(rows, 'row'),
        formatCount(columns, 'column'),
      ]
      return [`${version}: ${facts.join(', ')}`, ...unread]
    })
    .join('\n')
}

function formatKinds({ numbers, dates, texts }: ColumnProfile): string {
  const kinds = [
    ['numbers', numbers],
    ['dates', dates],
    ['texts', texts],
  ] as const
  const present = kinds.filter(([, count]) => count > 0)
  return present.length === 1
    ? (present[0]?.[0] ?? '')
    : present.map(([kind, count]) => `${formatNumber(count)} ${kind}`).join(', ')
}

function formatRange({
  texts,
  number_range,
  date_range,
  length_range,
}: ColumnProfile): string | null {
  if (length_range === null) return null
  if (texts > 0) return `${length_range[0]}–${length_range[1]} characters`
  const numbers = number_range === null ? [] : [`${number_range[0]} – ${number_range[1]}`]
  const dates = date_range === null ? [] : [`${date_range[0]} – ${date_range[1]}`]
  return [...numbers, ...dates].join(', ')
}
