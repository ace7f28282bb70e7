import {
  type CsvRow,
  columnNames,
  namedSourceFile,
  type RowLayout,
  readCsv,
  rowLayout,
} from '../../files/csv-rows.ts'

export type FileRowHandlers = {
  /** Called with the column names, in lower case. */
  onHeader(names: string[]): void
  /**
   * Called for every data row; `begins` is true for the first row of a source file. A row with a
   * `fault` has no cells.
   */
  onRow(row: CsvRow, begins: boolean): void
}

/**
 * Reads any CSV of the dataset row by row. Throws for an empty file or one that is not a dataset
 * file.
 */
export async function readFileRows(
  chunks: AsyncIterable<Uint8Array>,
  handlers: FileRowHandlers,
): Promise<void> {
  let layout: RowLayout | null = null
  let sourceFile: string | null = null
  await readCsv(chunks, {
    onRow(row) {
      if (layout === null) {
        const names = namesOf(row)
        layout = rowLayout(names, 'dataset')
        handlers.onHeader(names)
        return
      }
      const { width } = layout
      const name = namedSourceFile(row, layout)
      const begins = name !== null && name !== sourceFile
      if (name !== null) sourceFile = name
      if (row.fault === null && row.cells !== width)
        row.fault = `${row.cells} cells instead of ${width}`
      handlers.onRow(row, begins)
      return
    },
  })
  if (layout === null) throw new Error('Cannot read the file: it is empty')
}

/** Reads the column names of a CSV, in lower case. */
export async function readHeader(chunks: AsyncIterable<Uint8Array>): Promise<string[]> {
  let columns: string[] | null = null
  await readCsv(chunks, {
    onRow(row) {
      columns = namesOf(row)
      return 'stop'
    },
  })
  if (columns === null) throw new Error('Cannot read the file: it is empty')
  return columns
}

function namesOf(row: CsvRow): string[] {
  if (row.fault !== null) throw new Error(`Cannot read the file: its header has ${row.fault}`)
  const names = columnNames(row)
  rowLayout(names, 'dataset')
  return names
}
