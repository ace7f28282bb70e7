/** One value of a metric family, identified by its labels. */
export type Sample = { labels?: Record<string, string>; value: number }

/** All samples with one name: a Prometheus metric family. */
export type Family = {
  name: string
  help: string
  type: 'counter' | 'gauge'
  samples: readonly Sample[]
}

export type Counter = { add(labels: readonly string[], by?: number): void }
export type Histogram = { observe(value: number, labels?: readonly string[]): void }

/**
 * The metrics of a process in the Prometheus text format 0.0.4. Counters and histograms are updated
 * by events; families are computed when the metrics are read. Label values must come from closed
 * sets, never from a caller: every combination stays in memory (docs/adr/0038).
 */
export type Metrics = {
  counter(name: string, help: string, labels: readonly string[]): Counter
  histogram(
    name: string,
    help: string,
    options: { buckets: readonly number[]; labels?: readonly string[] },
  ): Histogram
  /** Adds computed families. A family whose `read` fails is omitted from the text. */
  families(read: () => readonly Family[] | Promise<readonly Family[]>): void
  text(): Promise<string>
}

export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

export function createMetrics(): Metrics {
  const readers: (() => string | Promise<string>)[] = []
  return {
    counter: (name, help, labels) => {
      const { add, lines } = counting(name, labels)
      readers.push(() => head(name, help, 'counter') + lines())
      return { add }
    },
    histogram: (name, help, { buckets, labels = [] }) => {
      const { observe, lines } = sorting(name, labels, buckets)
      readers.push(() => head(name, help, 'histogram') + lines())
      return { observe }
    },
    families: (read) => {
      readers.push(async () => (await read()).map(familyText).join(''))
    },
    text: async () => {
      const parts = await Promise.allSettled(readers.map(async (read) => read()))
      return parts.map((part) => (part.status === 'fulfilled' ? part.value : '')).join('')
    },
  }
}

function counting(name: string, labels: readonly string[]) {
  const series = new Map<string, { labels: string; value: number }>()
  const add = (values: readonly string[], by = 1) => {
    const key = values.join('\n')
    const entry = series.get(key)
    if (entry === undefined) series.set(key, { labels: labelText(labels, values), value: by })
    else entry.value += by
  }
  return {
    add,
    lines: () =>
      [...series.values()].map(({ labels, value }) => line(name, labels, value)).join(''),
  }
}

function sorting(name: string, labels: readonly string[], buckets: readonly number[]) {
  type Series = { values: readonly string[]; counts: number[]; sum: number }
  const series = new Map<string, Series>()
  const observe = (value: number, values: readonly string[] = []) => {
    const key = values.join('\n')
    let entry = series.get(key)
    if (entry === undefined) {
      entry = { values, counts: new Array(buckets.length + 1).fill(0), sum: 0 }
      series.set(key, entry)
    }
    let place = 0
    while (place < buckets.length && value > (buckets[place] ?? 0)) place++
    entry.counts[place] = (entry.counts[place] ?? 0) + 1
    entry.sum += value
  }
  const linesOf = ({ values, counts, sum }: Series) => {
    let total = 0
    const upTo = counts.map((count, i) => {
      total += count
      const labelled = labelText([...labels, 'le'], [...values, String(buckets[i] ?? '+Inf')])
      return line(`${name}_bucket`, labelled, total)
    })
    const own = labelText(labels, values)
    return upTo.join('') + line(`${name}_sum`, own, sum) + line(`${name}_count`, own, total)
  }
  return { observe, lines: () => [...series.values()].map(linesOf).join('') }
}

function familyText({ name, help, type, samples }: Family): string {
  const lines = samples.map(({ labels = {}, value }) =>
    line(name, labelText(Object.keys(labels), Object.values(labels)), value),
  )
  return head(name, help, type) + lines.join('')
}

function head(name: string, help: string, type: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`
}

function line(name: string, labels: string, value: number): string {
  return `${name}${labels} ${value}\n`
}

function labelText(names: readonly string[], values: readonly string[]): string {
  if (names.length === 0) return ''
  const escaped = (text = '') =>
    text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
  return `{${names.map((name, i) => `${name}="${escaped(values[i])}"`).join(',')}}`
}
