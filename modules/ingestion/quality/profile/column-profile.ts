import { type CellState, clearCell, stateText } from '../../files/cell-state.ts'
import { countValue, type DistinctCounter, distinctCount, distinctCounter } from './distinct.ts'
import { characters, formatDateKey, type Kind, readDateKey, readDecimal } from './value-kind.ts'

/** The statistics of a column over the rows of a file, with masking undone. */
export type ColumnProfile = {
  column: string
  /** Empty values: empty cells and the dataset's words for "nothing". */
  nulls: number
  null_share: number
  distinct: number
  /** True if `distinct` is counted, false for an estimate. */
  distinct_exact: boolean
  /** The counts of cells that are numbers, dates and other texts. */
  numbers: number
  dates: number
  texts: number
  number_range: [number, number] | null
  date_range: [string, string] | null
  /** The shortest and longest text, in characters. */
  length_range: [number, number] | null
  /** Up to five distinct values, chosen by their hashes. */
  samples: string[]
}

type Range = { low: number; high: number }

/** The counters of a column while it is read; `last` is the kind of the previous row's cell. */
export type ColumnFigures = {
  name: string
  state: CellState
  last: Kind | 'null'
  counts: Record<Kind | 'null', number>
  distinct: DistinctCounter
  number: Range
  date: Range
  length: Range
}

export function columnFigures(name: string, state: CellState): ColumnFigures {
  const emptyRange = () => ({ low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY })
  return {
    name,
    state,
    last: 'null',
    counts: { null: 0, number: 0, date: 0, text: 0 },
    distinct: distinctCounter(),
    number: emptyRange(),
    date: emptyRange(),
    length: emptyRange(),
  }
}

/** Clears the cell: a source file inherits nothing from the one before it. */
export function beginSourceFile(column: ColumnFigures): void {
  clearCell(column.state)
  column.last = 'null'
}

const LONGEST_SAMPLE = 60

/** Counts the cell in `state`. */
export function countCell(column: ColumnFigures): void {
  const { state } = column
  if (state.empty) {
    column.last = 'null'
    column.counts.null++
    return
  }
  countValue(column.distinct, state.hash, state.hash2, () => sampleText(state))
  const decimal = readDecimal(state)
  const date = Number.isNaN(decimal) ? readDateKey(state) : Number.NaN
  if (!Number.isNaN(decimal)) {
    column.last = 'number'
    widen(column.number, decimal)
  } else if (!Number.isNaN(date)) {
    column.last = 'date'
    widen(column.date, date)
  } else column.last = 'text'
  widen(column.length, column.last === 'text' ? characters(state) : state.length)
  column.counts[column.last]++
}

/** Counts the cell of the previous row once more. */
export function countRepeat(column: ColumnFigures): void {
  column.counts[column.last]++
}

function sampleText(state: CellState): string {
  const text = (stateText(state) ?? '').replace(/\s+/g, ' ')
  return text.length > LONGEST_SAMPLE ? `${text.slice(0, LONGEST_SAMPLE).toWellFormed()}…` : text
}

function widen(range: Range, value: number): void {
  if (value < range.low) range.low = value
  if (value > range.high) range.high = value
}

/** The statistics of a completely read column. */
export function finishColumn(
  { name, counts, distinct, ...ranges }: ColumnFigures,
  rows: number,
): ColumnProfile {
  const { count, exact } = distinctCount(distinct)
  const range = ({ low, high }: Range): [number, number] | null => (low > high ? null : [low, high])
  const dates = range(ranges.date)
  return {
    column: name,
    nulls: counts.null,
    null_share: rows === 0 ? 0 : counts.null / rows,
    distinct: count,
    distinct_exact: exact,
    numbers: counts.number,
    dates: counts.date,
    texts: counts.text,
    number_range: range(ranges.number),
    date_range: dates === null ? null : [formatDateKey(dates[0]), formatDateKey(dates[1])],
    length_range: range(ranges.length),
    samples: distinct.samples.map(({ text }) => text),
  }
}
