/** The publisher's mark for a value that is really empty; never filled from above. */
const EMPTY = "''"
/** The columns masked before `''` existed; any other empty cell of that form is empty. */
const OLD_FORM_COLUMNS = 6

export type Form = 'new' | 'old'

/**
 * The rows of one source file as the publisher writes them: what equals the row above is left
 * empty. In the new form what is really empty becomes `''` and is written every time; in the old
 * form only the first six columns are masked.
 */
export function maskBlock(rows: readonly string[][], form: Form): string[][] {
  return rows.map((row, at) => {
    const above = at === 0 ? undefined : rows[at - 1]
    return row.map((cell, column) => {
      if (form === 'old') return column < OLD_FORM_COLUMNS && cell === above?.[column] ? '' : cell
      if (cell === '') return EMPTY
      return cell === above?.[column] ? '' : cell
    })
  })
}

/** A CSV line without its end; quotes only where they are needed. */
export function csvLine(cells: readonly string[]): string {
  return cells
    .map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(',')
}

/**
 * A whole CSV file: the header, then the blocks one after the other. With mixed line ends the
 * header and the first block end in CRLF, as files do that the publisher rewrote when a column came
 * up.
 */
export function csvFile(
  header: readonly string[],
  blocks: readonly string[][][],
  options: { form: Form; mixedLineEnds: boolean },
): string {
  let text = csvLine(header) + (options.mixedLineEnds ? '\r\n' : '\n')
  blocks.forEach((rows, at) => {
    const end = options.mixedLineEnds && at === 0 ? '\r\n' : '\n'
    for (const row of maskBlock(rows, options.form)) text += csvLine(row) + end
  })
  return text
}
