/** One timed step; `ratio` is against `\copy`, and has a `limit`. */
export type Measured = {
  dataset: string
  step: string
  seconds: number
  rows: number
  megabytes?: number
  ratio?: number
  limit?: number
}

const MEMORY_LIMIT_MB = 400

const HEADER = [
  'dataset',
  'step',
  'seconds',
  'rows',
  'rows/s',
  's/million',
  '× \\copy',
  'limit',
  'peak MB',
  '',
]

/** The steps as a table: figures aligned right, missed limits at the end of their line. */
export function reportTable(steps: readonly Measured[]): string {
  const lines = [HEADER, ...steps.map(cells)]
  const widths = HEADER.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  )
  return lines
    .map((line) =>
      line.map((cell, at) =>
        at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
      ),
    )
    .map((line) => line.join('  ').trimEnd())
    .join('\n')
}

export function isWithinLimits({
  ratio = 0,
  limit = Number.POSITIVE_INFINITY,
  megabytes = 0,
}: Measured): boolean {
  return ratio <= limit && megabytes < MEMORY_LIMIT_MB
}

function cells(step: Measured): string[] {
  const { seconds, rows, ratio, limit, megabytes } = step
  return [
    step.dataset,
    step.step,
    seconds.toFixed(1),
    rows.toLocaleString('en-US'),
    Math.round(rows / seconds).toLocaleString('en-US'),
    ((seconds / rows) * 1e6).toFixed(1),
    ratio?.toFixed(2) ?? '',
    limit?.toFixed(1) ?? '',
    megabytes?.toFixed(0) ?? '',
    limit === undefined ? '' : isWithinLimits(step) ? 'pass' : 'FAIL',
  ]
}
