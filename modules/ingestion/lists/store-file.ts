import { createHash } from 'node:crypto'
import { readChainId, readStoreNumber } from '../files/cell-code.ts'
import { numberText } from '../files/cell-number.ts'
import { readName, readText } from '../files/cell-text.ts'
import {
  type CsvRow,
  cellText,
  columnNames,
  namedSourceFile,
  type RowLayout,
  readCsv,
  rowLayout,
} from '../files/csv-rows.ts'
import { readMoment } from '../files/file-moment.ts'
import { isEmptyMark, KEY_COLUMNS, type Masking } from '../files/masking.ts'
import { AHEAD } from '../files/version-end.ts'
import { type Registry, storeId } from '../staging/registry.ts'
import type { Reject, SourceFileResult, StoreFacts } from '../staging/staging.ts'
import { type FileCounts, noRows } from './price-file.ts'

export type StoreFileContext = {
  masking: Masking
  slug: string
  registry: Registry
  /** The latest timestamp (epoch milliseconds) that a source file of the version may have. */
  notAfter: number
  onSourceFile(result: SourceFileResult): Promise<void>
}

/**
 * Store types by their legal numbers (Food Act price-transparency regulations: 1 physical, 2
 * online, 3 both).
 */
const STORE_TYPES: Record<string, string> = {
  '1': 'physical',
  '2': 'online',
  '3': 'physical and online',
}

type Row = { line: number; raw: string; fault: string | null; values: Map<string, string> }

/**
 * Reads a `store` CSV: the facts of every store of every source file. Store files are small, so a
 * source file's rows stay in memory until its digest is complete.
 */
export async function readStoreFile(
  chunks: AsyncIterable<Uint8Array>,
  context: StoreFileContext,
): Promise<FileCounts> {
  let header: string[] | null = null
  let layout: RowLayout | null = null
  let block: Row[] = []
  let fileName: string | null = null
  let carried = new Map<string, string>()
  const counts = noRows()

  function takeRow(row: CsvRow, names: string[]): Row {
    const raw = row.bytes.toString('utf8', row.from, row.to).replaceAll('\0', '\uFFFD')
    const fault =
      row.fault ??
      (row.cells === names.length ? null : `${row.cells} cells instead of ${names.length}`)
    const values = new Map<string, string>()
    if (fault === null) {
      names.forEach((name, cell) => {
        const empty = row.starts[cell] === row.ends[cell]
        const carry = context.masking === 'all' || KEY_COLUMNS.includes(name)
        const value = empty
          ? carry
            ? carried.get(name)
            : undefined
          : isEmptyMark(row, cell)
            ? ''
            : cellText(row, cell)
        values.set(name, value ?? '')
      })
      carried = values
    }
    return { line: row.line, raw, fault, values }
  }

  async function close(rows: Row[], names: string[]): Promise<void> {
    const result = readBlock(rows, names, context)
    counts.rejects += result.rejects.length
    counts.loaded += result.storeFacts.length
    await context.onSourceFile(result)
  }

  await readCsv(chunks, {
    onRow(row) {
      if (header === null || layout === null) {
        header = columnNames(row)
        layout = rowLayout(header, 'store')
        for (const name of ['chainid', 'storeid']) {
          if (!header.includes(name))
            throw new Error(`Cannot read a store file without the column ${name}`)
        }
        return
      }
      counts.rows++
      const previous = block
      const name = namedSourceFile(row, layout)
      if (name !== null) {
        if (name !== fileName) block = []
        fileName = name
        carried = new Map()
      }
      block.push(takeRow(row, header))
      return previous !== block && previous.length > 0 ? close(previous, header) : undefined
    },
  })
  if (header === null) throw new Error('Cannot read a store file: it is empty')
  if (block.length > 0) await close(block, header)
  return counts
}

function readBlock(rows: Row[], names: string[], context: StoreFileContext): SourceFileResult {
  const hash = createHash('sha256').update(`${context.masking}\n${names.join()}\n`)
  const { leading } = rowLayout(names, 'store')
  for (const row of rows)
    hash.update(row === rows[0] ? withoutCells(row.raw, leading) : row.raw).update('\n')
  const sha256 = hash.digest()
  const fileName = readText(rows[0]?.values.get('file_name') ?? null) ?? ''
  const moment = readMoment(fileName)
  // a space sorts before every digit, so a file without a timestamp never replaces one that has it
  const order = moment === null ? ' ' : new Date(moment).toISOString()
  const describedBy = `${order}|${fileName}|${sha256.toString('hex')}`
  const ahead = moment !== null && moment > context.notAfter ? `${AHEAD}: ${fileName}` : null
  const rejects: Reject[] = []
  const storeFacts: StoreFacts[] = []
  rows.forEach(({ line, raw, fault, values }, i) => {
    const read = fault ?? ahead ?? readFacts(values, describedBy, context)
    if (typeof read === 'string') rejects.push({ line, reason: read, raw, listRow: i + 1 })
    else storeFacts.push(read)
  })
  return { fileName, rows: rows.length, sha256, list: null, storeFacts, descriptions: [], rejects }
}

/** The facts of one row, or the reason for its rejection. */
function readFacts(
  values: Map<string, string>,
  describedBy: string,
  context: StoreFileContext,
): StoreFacts | string {
  const chainText = values.get('chainid') ?? ''
  const chainId = readChainId(chainText)
  if (chainId === null) return `a chain id that is no number: ${chainText}`
  const storeText = values.get('storeid') ?? ''
  const number = readStoreNumber(storeText)
  if (number === null) return `a store number that cannot be read: ${storeText}`
  const text = (name: string) => readName(values.get(name) ?? null)
  const textOf = (name: string) => {
    const value = text(name)
    return value !== null && /^0+$/.test(value) ? null : value
  }
  const city = textOf('city')
  const cityIsCode = city !== null && /^\d+$/.test(city)
  const storeType = text('storetype')
  return {
    storeId: storeId(context.registry, chainId, number, context.slug),
    describedBy,
    facts: {
      chain_name: text('chainname'),
      name: text('storename'),
      sub_chain_id: text('subchainid'),
      sub_chain: text('subchainname'),
      store_type: storeType === null ? null : (STORE_TYPES[storeType] ?? storeType),
      city: cityIsCode ? null : city,
      city_code: cityIsCode ? city.replace(/^0+/, '') : null,
      address: textOf('address'),
      zip: textOf('zipcode'),
      latitude: degrees(text('latitude'), 90),
      longitude: degrees(text('longitude'), 180),
    },
  }
}

function degrees(cell: string | null, limit: number): string | null {
  const text = numberText(cell)
  if (text === null || !/^-?\d{1,3}(\.\d+)?$/.test(text)) return null
  const value = Number(text)
  return value === 0 || Math.abs(value) > limit ? null : text
}

/** A row without its leading cells, which are never quoted in known files. */
function withoutCells(raw: string, cells: number): string {
  let from = 0
  for (let i = 0; i < cells; i++) from = raw.indexOf(',', from + 1)
  return raw.slice(Math.max(from, 0))
}
