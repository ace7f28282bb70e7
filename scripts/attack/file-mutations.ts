import type { Cell, Grid } from './csv-grid.ts'

/** Random numbers from a seed, the same on every machine. */
export type Random = { below(limit: number): number; pick<T>(items: readonly T[]): T }

/** A generator of random numbers (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return { below, pick: (items) => items[below(items.length)] as (typeof items)[number] }
}

/** Changes a grid in place and marks each cell whose text or position changes as touched. */
export type GridMutation = (grid: Grid, random: Random) => void

const TEXTS = [
  ...[
    '',
    "''",
    'NO_BODY',
    'null',
    'N/A',
    '-',
    'לא ידוע',
    '0',
    '-1',
    '1e3',
    '7.29E+12',
    '12,90',
    '1,234',
  ],
  ...[
    '1,234.50',
    '₪5.90',
    '\u200f5.90',
    '5.90\u200e',
    '7290000000130.0',
    '="101"',
    'abc',
    '\0',
    '😀',
  ],
  ...[
    '2026/08/30',
    '30/08/26',
    '0000',
    '{',
    '[]',
    '{"item": {"itemcode": "101"}}',
    '"',
    ',',
    '\n',
    'א'.repeat(3000),
  ],
]

function replace(row: Cell[], at: number, text: string): void {
  row[at] = { text, isTouched: true }
}

const swapCells: GridMutation = ({ rows }, random) => {
  const [a, b] = [random.pick(rows), random.pick(rows)]
  const [i, j] = [random.below(a.length), random.below(b.length)]
  const [first, second] = [a[i]?.text ?? '', b[j]?.text ?? '']
  replace(a, i, second)
  replace(b, j, first)
}

const cutCell: GridMutation = ({ rows }, random) => {
  const row = random.pick(rows)
  const at = random.below(row.length)
  const text = row[at]?.text ?? ''
  replace(row, at, text.slice(0, random.below(text.length + 1)))
}

const retypeCells: GridMutation = ({ rows }, random) => {
  for (let i = 0; i <= random.below(4); i++) {
    const row = random.pick(rows)
    replace(row, random.below(row.length), random.pick(TEXTS))
  }
}

const moveColumns: GridMutation = (grid, random) => {
  const order = grid.header.map((_, i) => i)
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const [a = 0, b = 0] = [order[i], order[j]]
    order[i] = b
    order[j] = a
  }
  reorder(grid, order)
}

const addIndex: GridMutation = (grid, random) => {
  grid.header.unshift(random.pick(['', 'Unnamed: 0', 'index']))
  grid.rows.forEach((row, i) => {
    row.unshift({ text: String(i), isTouched: false })
  })
}

const addColumn: GridMutation = (grid, random) => {
  grid.header.push('newcolumn')
  for (const row of grid.rows) row.push({ text: random.pick(TEXTS), isTouched: false })
}

const dropColumn: GridMutation = (grid, random) => {
  const at = random.below(grid.header.length)
  reorder(
    grid,
    [...grid.header.keys()].filter((i) => i !== at),
  )
}

function reorder(grid: Grid, order: readonly number[]): void {
  grid.header = order.map((i) => grid.header[i] ?? '')
  grid.rows = grid.rows.map((row) => order.flatMap((i) => row[i] ?? []))
}

const removeRows: GridMutation = ({ rows }, random) => {
  rows.splice(random.below(rows.length), 1 + random.below(3))
}

const repeatRows: GridMutation = ({ rows }, random) => {
  const from = random.below(rows.length)
  const copies = rows.slice(from, from + 1 + random.below(3))
  const touched = copies.map((row) => row.map(({ text }) => ({ text, isTouched: true })))
  rows.splice(random.below(rows.length), 0, ...touched)
}

const shuffleRows: GridMutation = ({ rows }, random) => {
  const [a, b] = [random.below(rows.length), random.below(rows.length)]
  const [first, second] = [rows[a], rows[b]]
  if (first === undefined || second === undefined) return
  rows[a] = second
  rows[b] = first
}

const tearRow: GridMutation = ({ rows }, random) => {
  const row = random.pick(rows)
  for (const cell of row) cell.isTouched = true
  row.splice(random.below(row.length), 1 + random.below(row.length))
}

/** Mutations of cells, columns and rows, by name. */
export const GRID_MUTATIONS: Record<string, GridMutation> = {
  swapCells,
  cutCell,
  retypeCells,
  moveColumns,
  addIndex,
  addColumn,
  dropColumn,
  removeRows,
  repeatRows,
  shuffleRows,
  tearRow,
}

/** Changes the bytes of a file; returns the offset of the first change. */
export type ByteMutation = (bytes: Buffer, random: Random) => { bytes: Buffer; from: number }

const cutFile: ByteMutation = (bytes, random) => {
  const from = random.below(bytes.length + 1)
  return { bytes: bytes.subarray(0, from), from }
}

const flipByte: ByteMutation = (bytes, random) => {
  const from = random.below(bytes.length)
  const copy = Buffer.from(bytes)
  copy[from] = random.below(256)
  return { bytes: copy, from }
}

const insertByte: ByteMutation = (bytes, random) => {
  const from = random.below(bytes.length)
  const byte = random.pick([0x22, 0x2c, 0x0a, 0x0d, 0, 0xff, random.below(256)])
  return {
    bytes: Buffer.concat([bytes.subarray(0, from), Buffer.of(byte), bytes.subarray(from)]),
    from,
  }
}

const removeBytes: ByteMutation = (bytes, random) => {
  const from = random.below(bytes.length)
  const to = from + 1 + random.below(200)
  return { bytes: Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]), from }
}

/** Mutations of bytes, by name. */
export const BYTE_MUTATIONS: Record<string, ByteMutation> = {
  cutFile,
  flipByte,
  insertByte,
  removeBytes,
}

/** Encodes a text; undefined if the encoding lacks one of its letters. */
export const ENCODINGS: Record<string, (text: string) => Buffer> = {
  withByteOrderMark: (text) => Buffer.from(`\uFEFF${text}`),
  withCarriageReturns: (text) => Buffer.from(text.replaceAll('\n', '\r\n')),
  windows1255: (text) =>
    Buffer.from(
      [...text].map((letter) => {
        const code = letter.codePointAt(0) ?? 0
        if (code >= 0x5d0 && code <= 0x5ea) return code - 0x5d0 + 0xe0
        return code < 0x80 ? code : 0x3f
      }),
    ),
  utf16: (text) => Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(text, 'utf16le')]),
}
