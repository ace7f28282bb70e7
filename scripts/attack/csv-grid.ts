/** A cell of a CSV. It is an object, so a moved cell is distinct from others with the same text. */
export type Cell = { text: string; isTouched: boolean }
export type Grid = { header: string[]; rows: Cell[][] }

/** Reads the CSV of a sample file, whose rows are well formed. */
export function readGrid(csv: string): Grid {
  const rows: string[][] = [[]]
  let cell = ''
  let isQuoted = false
  for (let i = 0; i < csv.length; i++) {
    const letter = csv[i] ?? ''
    if (isQuoted && letter === '"' && csv[i + 1] === '"') {
      cell += '"'
      i++
    } else if (letter === '"') isQuoted = !isQuoted
    else if (!isQuoted && (letter === ',' || letter === '\n')) {
      rows.at(-1)?.push(cell)
      cell = ''
      if (letter === '\n') rows.push([])
    } else if (isQuoted || letter !== '\r') cell += letter
  }
  const [header = [], ...data] = rows.filter((row) => row.length > 0)
  const toCell = (text: string): Cell => ({ text, isTouched: false })
  return { header, rows: data.map((row) => row.map(toCell)) }
}

export function writeGrid({ header, rows }: Grid): string {
  const lines = rows.map((row) => row.map(({ text }) => quoted(text)).join())
  return `${[header.map(quoted).join(), ...lines].join('\n')}\n`
}

function quoted(cell: string): string {
  return /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

/** The cells that decide a row's price after unmasking: its place, its code and the price. */
export type Resolved = { place: Cell[]; code: Cell; price: Cell }

const PLACE_COLUMNS = ['file_name', 'chainid', 'storeid']

/** Undoes the newer masking: within a source file an empty cell repeats the cell above. */
export function resolve({ header, rows }: Grid): Resolved[] {
  const columns = header.map((name) => name.trim().toLowerCase())
  const fileName = columns.indexOf('file_name')
  const none: Cell = { text: '', isTouched: false }
  let carried: Cell[] = []
  return rows.map((row) => {
    if (row[fileName]?.text !== '') carried = []
    carried = columns.map((_, i) => {
      const cell = row[i] ?? none
      return cell.text === '' ? (carried[i] ?? cell) : cell
    })
    const at = (name: string) => carried[columns.indexOf(name)] ?? none
    return { place: PLACE_COLUMNS.map(at), code: at('itemcode'), price: at('itemprice') }
  })
}
