/** A column of a table: its title and the value for a row. Numbers are right-aligned. */
export type Column<T> = readonly [title: string, cell: (row: T) => string | number | null]

/** Formats a Markdown table; null is an empty cell, and texts stay in one cell. */
export function table<T>(columns: readonly Column<T>[], rows: readonly T[]): string {
  const cells = rows.map((row) => columns.map(([, cell]) => cell(row)))
  const numeric = columns.map((_, i) => cells.some((row) => typeof row[i] === 'number'))
  const line = (texts: string[]) => `| ${texts.join(' | ')} |`
  return [
    line(columns.map(([title]) => title)),
    line(numeric.map((right) => (right ? '--:' : '---'))),
    ...cells.map((row) =>
      line(row.map((cell) => (typeof cell === 'number' ? formatNumber(cell) : quoted(cell ?? '')))),
    ),
  ].join('\n')
}

/** Formats a number with thousands separators and at most two decimals. */
export function formatNumber(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 2 })
}

/** Formats a count with its noun: `1 row`, `2,000 rows`. */
export function formatCount(count: number, thing: string): string {
  return `${formatNumber(count)} ${thing}${count === 1 ? '' : 's'}`
}

/** Formats a size in megabytes (a million bytes) or kilobytes. */
export function formatBytes(bytes: number): string {
  return bytes < 1e6
    ? `${formatNumber(Math.ceil(bytes / 1000))} kB`
    : `${formatNumber(Math.round(bytes / 1e5) / 10)} MB`
}

/** Formats a share in per cent; a small share above zero is not shown as zero. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.0005) return '<0.1%'
  return `${(Math.floor(share * 1000) / 10).toFixed(1)}%`
}

function quoted(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\|`*<[]/g, '\\$&')
}
