import {
  type CsvRow,
  columnNames,
  namedSourceFile,
  type RowLayout,
  readCsv,
  rowLayout,
} from './csv-rows.ts'

/** What an empty cell means below a block's first row: the row above, in all columns or in the key columns alone. */
export type Masking = 'all' | 'keys'

/** The columns that are carried down in every form of file. */
export const KEY_COLUMNS = [
  'found_folder',
  'file_name',
  'chainid',
  'subchainid',
  'storeid',
  'bikoretno',
]

const APOSTROPHE = 0x27

/** Whether a cell is `''`, the publisher's word for "really empty". */
export function isEmptyMark(row: CsvRow, cell: number): boolean {
  const start = row.starts[cell] as number
  return (
    (row.ends[cell] as number) - start === 2 &&
    row.bytes[start] === APOSTROPHE &&
    row.bytes[start + 1] === APOSTROPHE
  )
}

/**
 * Tells the two forms of masking apart (docs/adr/0005-masking.md). A file with `''` anywhere is of the newer form. So is
 * one whose blocks all begin with a full row: it had nothing empty to mark. Only where a block's first row has an empty
 * cell and `''` occurs nowhere are empty cells ambiguous. Most files are told by their first rows.
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

/** Where two single quotes stand next, within a cell or as one. */
function findMark(bytes: Buffer, from: number): number {
  const at = bytes.indexOf("''", from, 'latin1')
  return at < 0 ? bytes.length : at
}
