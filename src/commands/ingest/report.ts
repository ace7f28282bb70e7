import type { IngestSummary, Progress, VersionSummary } from '../../../modules/ingestion/index.ts'

type Terminal = { isTTY?: boolean; columns?: number; write(text: string): unknown }

const WIDTH = 24

/**
 * Prints the progress of a run: one bar on a terminal, elsewhere a line per file and per 10%
 * fetched.
 */
export function progressPrinter(to: Terminal): { show(progress: Progress): void; end(): void } {
  let shown = ''
  return {
    show({ version, doing, file, done }) {
      const full = Math.round(done * WIDTH)
      const line =
        to.isTTY === true
          ? `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${Math.floor(done * 100)}% ${version} ${file || doing}`
          : `${version}: ${[doing, doing === 'fetching' ? `${Math.floor(done * 10) * 10}%` : file].join(' ').trim()}`
      if (line === shown) return
      shown = line
      to.write(to.isTTY === true ? `\r\x1b[K${line.slice(0, (to.columns ?? 80) - 1)}` : `${line}\n`)
    },
    end() {
      if (shown !== '' && to.isTTY === true) to.write('\r\x1b[K')
      shown = ''
    },
  }
}

const COLUMNS: [string, (version: VersionSummary) => string | number][] = [
  ['version', (v) => v.version],
  ['files', (v) => v.files_read],
  ['known', (v) => v.files_known],
  ['rows', (v) => Object.values(v.rows).reduce((sum, rows) => sum + rows, 0)],
  ['lists', (v) => v.lists_read + v.promotion_lists_read],
  ['new products', (v) => v.published?.newProducts ?? 0],
  ['new spans', (v) => v.published?.spansAdded ?? 0],
  ['closed', (v) => v.published?.spansChanged ?? 0],
  ['promotions', (v) => v.published?.promotionsAdded ?? 0],
  ['not for sale', (v) => v.not_for_sale],
  ['rejected', (v) => v.rejects],
]

/** Formats the summary of a run: a table with a line per version, then the errors. */
export function summaryTable(summary: IngestSummary): string {
  const rows = [
    COLUMNS.map(([title]) => title),
    ...summary.versions.map((v) => COLUMNS.map(([, cell]) => format(cell(v)))),
  ]
  const widths = COLUMNS.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)))
  const lines = rows.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  '),
  )
  const what = summary.dry_run
    ? 'Read, nothing written'
    : summary.status === 'completed'
      ? 'Loaded'
      : 'Loaded with errors'
  return [
    ...lines,
    ...alreadyLoaded(summary),
    ...differences(summary),
    ...promotions(summary),
    ...summary.warnings.map((warning) => `WARNING ${warning}`),
    ...summary.errors.map((error) => `ERROR ${error}`),
    `${what} in ${summary.seconds.toFixed(1)} s`,
  ].join('\n')
}

function alreadyLoaded({ already_loaded: names }: IngestSummary): string[] {
  if (names.length === 0) return []
  const shown =
    names.length > 3 ? `${names.length} versions, ${names.at(-1)} the last` : names.join(', ')
  return [`Already loaded: ${shown}`]
}

/**
 * Differences between the counts of the parser and ours: a line per version with the first source
 * files.
 */
function differences(summary: IngestSummary): string[] {
  return summary.versions.flatMap(({ version, reconciled: { counted, differing } }) => {
    if (differing.length === 0) return []
    const shown = differing
      .slice(0, 3)
      .map((one) => `${one.file_name} (${one.read} of ${one.counted} rows)`)
    const more = differing.length > shown.length ? ', …' : ''
    return [
      `${version}: ${differing.length} of ${counted} source files differ from the parser's count: ${shown.join(', ')}${more}`,
    ]
  })
}

/**
 * Promotions without a computable price, and descriptions that disagree: a line per chain for the
 * last version with promotions.
 */
function promotions({ versions }: IngestSummary): string[] {
  const last = versions.findLast(({ published }) => (published?.promotionTerms.length ?? 0) > 0)
  return (last?.published?.promotionTerms ?? []).map(
    ({ chain_id, terms, not_computable, described }) => {
      const reasons = Object.entries(not_computable).map(([reason, count]) => `${count} ${reason}`)
      const why = reasons.length === 0 ? '' : ` (${reasons.join('; ')})`
      const notComputable = Object.values(not_computable).reduce((sum, count) => sum + count, 0)
      const checked = described.agrees + described.disagrees
      return `${last?.version}: chain ${chain_id}: ${format(terms)} promotions, ${share(notComputable, terms)} not computable${why}, ${share(described.disagrees, checked)} of ${format(checked)} descriptions disagree`
    },
  )
}

function share(part: number, whole: number): string {
  return `${((100 * part) / Math.max(whole, 1)).toFixed(1)}%`
}

function format(cell: string | number): string {
  return typeof cell === 'number' ? cell.toLocaleString('en-US') : cell
}
