import {
  type CsvRow,
  columnNames,
  namedSourceFile,
  type RowLayout,
  readCsv,
  rowLayout,
} from './csv-rows.ts'

/**
 * Columns in which an empty cell below a block's first row inherits the row above: all columns, or
 * only the key columns.
 */
export type Masking = 'all' | 'keys'

/** The columns that inherit the row above in every form of file. */
export const KEY_COLUMNS = [
  'found_folder',
  'file_name',
  'chainid',
  'subchainid',
  'storeid',
  'bikoretno',
]

const APOSTROPHE = 0x27

/** Whether a cell is `''`, the publisher's mark for "really empty". */
export function isEmptyMark(row: CsvRow, cell: number): boolean {
  const start = row.starts[cell] as number
  return (
    (row.ends[cell] as number) - start === 2 &&
    row.bytes[start] === APOSTROPHE &&
    row.bytes[start + 1] === APOSTROPHE
  )
}

/**
 * Detects the form of masking (docs/adr/0005-masking.md). A file with `''` anywhere has the newer
 * form. So has a file whose blocks all begin with a full row, because it had no empty cell to mark.
 * Empty cells are ambiguous only where a block's first row has one and the file has no `''`. The
 * first rows decide for most files.
 */
export async function detectMasking(chunks: AsyncIterable<Uint8Array>): Promise<Masking> {
  let marked = false
  let emptyAtStart = false
  let layout: RowLayout | null = null
  let nextMark = 0
  await readCsv(chunks, {
    onRow(row) {
      if (layout === null) {
        layout = row.fault === null ? rowLayout(columnNames(row), 'dataset') : null
        return layout === null ? 'stop' : undefined
      }
      if (nextMark < row.from) nextMark = findMark(row.bytes, row.from)
      if (nextMark < row.to) {
        for (let cell = 0; cell < row.cells; cell++) {
          if (isEmptyMark(row, cell)) {
            marked = true
            return 'stop'
          }
        }
      }
      if (!emptyAtStart && namedSourceFile(row, layout) !== null) {
        for (let cell = 0; cell < row.cells; cell++)
          if (row.starts[cell] === row.ends[cell]) emptyAtStart = true
      }
      return
    },
    onRelease() {
      nextMark = 0
    },
  })
  return marked || !emptyAtStart ? 'all' : 'keys'
}

/** The index of the next two single quotes, inside a cell or as a whole cell. */
function findMark(bytes: Buffer, from: number): number {
  const at = bytes.indexOf("''", from, 'latin1')
  return at < 0 ? bytes.length : at
}
