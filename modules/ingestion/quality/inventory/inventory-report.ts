import { type Column, formatBytes, formatCount, formatNumber, table } from '../reading/markdown.ts'
import type { InventoryFile, VersionInventory } from './inventory.ts'

const VERSIONS: Column<VersionInventory>[] = [
  ['version', (v) => v.version],
  ['day', (v) => v.date],
  ['files', (v) => v.files.length],
  ['size', (v) => formatBytes(v.bytes)],
  ['rows', (v) => v.rows],
  ['source files', (v) => v.source_files],
  ['chains', (v) => v.chains],
  ['stores', (v) => v.stores],
]

const FILES: Column<InventoryFile>[] = [
  ['chain', (file) => file.slug],
  ['type', (file) => file.type],
  ['file', (file) => file.file],
  ['size', (file) => formatBytes(file.bytes)],
  ['rows', (file) => file.rows],
  ['source files', (file) => file.source_files],
  ['stores', (file) => file.stores],
  ['columns', (file) => file.columns],
  ['first moment', (file) => formatMinute(file.first_moment)],
  ['last moment', (file) => formatMinute(file.last_moment)],
  ['status file', (file) => formatStatus(file)],
  ['chain id', (file) => file.chain_ids.join(', ')],
]

/** The inventories of versions as Markdown. */
export function inventoryMarkdown(versions: readonly VersionInventory[]): string {
  return [
    '# Inventory',
    'Moments are those in the names of the source files, Israel time. "Status file": rows that the publisher’s parser counted.',
    table(VERSIONS, versions),
    ...versions.flatMap((version) => [
      `## ${version.version}`,
      version.path,
      table(FILES, version.files),
      ...version.files
        .filter(({ error }) => error !== null)
        .map(({ file, error }) => `- **${file}**: ${error}`),
    ]),
  ].join('\n\n')
}

/** One line per version. */
export function inventoryText(versions: readonly VersionInventory[]): string {
  return versions
    .map(({ version, files, bytes, rows, source_files, chains, stores }) => {
      const unread = files.filter(({ error }) => error !== null).length
      const facts = [
        formatCount(files.length, 'file'),
        formatBytes(bytes),
        formatCount(rows, 'row'),
        formatCount(source_files, 'source file'),
        formatCount(chains, 'chain'),
        formatCount(stores, 'store'),
        ...(unread === 0 ? [] : [`${formatCount(unread, 'file')} UNREADABLE`]),
      ]
      return `${version}: ${facts.join(', ')}`
    })
    .join('\n')
}

function formatMinute(moment: string | null): string | null {
  return moment === null ? null : moment.slice(0, 16).replace('T', ' ')
}

function formatStatus({ status, rows }: InventoryFile): string | null {
  if (status === null) return null
  const empty =
    status.without_rows === 0 ? '' : `, ${formatNumber(status.without_rows)} without rows`
  const same = status.rows === rows ? '' : ' ≠'
  return `${formatCount(status.rows, 'row')} in ${formatNumber(status.source_files)}${empty}${same}`
}
