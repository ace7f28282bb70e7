import { createHash, type Hash } from 'node:crypto'
import { type CellState, cellState, clearCell, readAgorot, readDigits, stateText, takeCell } from './cell-state.ts'
import { type CsvRow, cellText, isBlockStart, readCsv } from './csv-rows.ts'
import { type Description, describeProduct } from './description.ts'
import { KEY_COLUMNS, type Masking } from './masking.ts'
import { type PriceColumns, type Role, readPriceHeader } from './price-columns.ts'
import {
  findAstray,
  isGiven,
  type Place,
  type PriceCells,
  readFileName,
  readTarget,
  type Target,
} from './price-place.ts'
import { productByDigits, productByText, type Registry } from './registry.ts'
import type { ReadList, Reject, SourceFileResult } from './staging.ts'

/** How a price file is read: its masking, its chain's slug, and whether its lists are full ones. */
export type PriceFileContext = {
  masking: Masking
  full: boolean
  slug: string
  registry: Registry
  /** Called with every source file of the CSV, in order. */
  onSourceFile(result: SourceFileResult): Promise<void>
}

/** What was counted in a CSV. `rows` are all its data rows. */
export type FileCounts = { rows: number; notForSale: number; repeated: number; rejects: number }

type Block = {
  hash: Hash
  /** Where the bytes that are not hashed yet begin. */
  hashFrom: number
  fileName: string
  rows: number
  target: Target
  /** Why the rows from here on do not belong to the source file's store; null when they do. */
  astray: string | null
  products: Int32Array
  agorot: Int32Array
  size: number
  descriptions: Description[]
  rejects: Reject[]
}

const LONGEST_CODE = 100
const BROKEN_START = 'the first row of its source file cannot be read'

/**
 * Reads a `price_full` or `price` CSV by the rules of dataset.md: undoes the masking, makes a price list of every
 * source file, in the last row's favour where a code comes twice, and keeps what cannot be used as rejects.
 */
export async function readPriceFile(chunks: AsyncIterable<Uint8Array>, context: PriceFileContext): Promise<FileCounts> {
  const { registry, full } = context
  const counts: FileCounts = { rows: 0, notForSale: 0, repeated: 0, rejects: 0 }
  let columns: PriceColumns | null = null
  let headerText = ''
  let cells: PriceCells | null = null
  let all: CellState[] = []
  let wordCells: CellState[] = []
  let wordCellsOfNameless: CellState[] = []
  let unknown: { name: string; state: CellState }[] = []
  let block: Block | null = null
  /** Per product: the list that last named it and its place there. */
  let namedIn = new Int32Array(1 << 16)
  let placeIn = new Int32Array(1 << 16)
  let listCount = 0

  function begin(header: PriceColumns): PriceCells {
    const keys = new Set(KEY_COLUMNS)
    const carried = (role: Role) =>
      context.masking === 'all' || (role === 'fileName' ? keys.has('file_name') : role === 'chain' || role === 'store')
    const made = {} as PriceCells
    for (const role of Object.keys(header.roles) as Role[]) {
      made[role] = header.roles[role].map((cell) => cellState(cell, carried(role)))
    }
    unknown = header.unknown.map(({ cell, name }) => ({ name, state: cellState(cell, context.masking === 'all') }))
    const { name, manufacturer, country, unitName, unitBasis, quantity, weighted } = made
    const extra = unknown.map(({ state }) => state)
    wordCells = [...extra, ...name, ...manufacturer, ...country, ...unitName, ...unitBasis, ...quantity, ...weighted]
    wordCellsOfNameless = [...wordCells, ...made.description]
    all = [...Object.values(made).flat(), ...unknown.map(({ state }) => state)]
    return made
  }

  function open(row: CsvRow, target: Target | null, states: PriceCells): Block {
    const hash = createHash('sha256').update(`${context.masking}\n${headerText}\n`)
    listCount++
    return {
      hash,
      hashFrom: row.cells > 0 ? (row.ends[0] as number) : row.from,
      fileName: readFileName(states),
      rows: 0,
      target: target ?? readTarget(states, context),
      astray: null,
      products: new Int32Array(1024),
      agorot: new Int32Array(1024),
      size: 0,
      descriptions: [],
      rejects: [],
    }
  }

  function reject(current: Block, row: CsvRow, reason: string): undefined {
    const raw = row.bytes.toString('utf8', row.from, row.to).replaceAll('\0', '\uFFFD')
    current.rejects.push({ line: row.line, reason, raw, listRow: current.rows })
  }

  async function close(current: Block): Promise<void> {
    const sha256 = current.hash.digest()
    counts.rejects += current.rejects.length
    const list = 'fault' in current.target ? null : toList(current, current.target, sha256, full)
    await context.onSourceFile({
      fileName: current.fileName,
      rows: current.rows,
      sha256,
      list,
      storeFacts: [],
      descriptions: current.descriptions,
      rejects: current.rejects,
    })
  }

  /** Takes a row into the open block. */
  function take(current: Block, row: CsvRow, states: PriceCells): undefined {
    counts.rows++
    current.rows++
    if ('fault' in current.target) return reject(current, row, current.target.fault)
    for (let i = 0; i < all.length; i++) takeCell(all[i] as CellState, row)
    const { chainId } = current.target
    if (isGiven(states.store, row) || isGiven(states.chain, row)) current.astray = findAstray(current.target, states)
    if (current.astray !== null) return reject(current, row, current.astray)
    const code = states.code[0] as CellState
    if (code.empty) return reject(current, row, 'no item code')
    if (code.length > LONGEST_CODE) return reject(current, row, `an item code of ${code.length} bytes`)
    const digits = readDigits(code)
    const product =
      digits >= 0
        ? productByDigits(registry, digits, chainId)
        : productByText(registry, (stateText(code) ?? '').replaceAll('\0', ''), chainId)
    if (product === 0) return reject(current, row, 'no item code')
    const price = states.price[0] as CellState
    let agorot = price.empty ? -1 : readAgorot(price)
    if (agorot < 0) {
      reject(current, row, price.empty ? 'no price' : `a price that cannot be read: ${stateText(price)}`)
      agorot = 0
    }
    if (agorot === 0) counts.notForSale++
    put(current, product, agorot)
    describe(current, product, chainId, states)
  }

  function put(current: Block, product: number, agorot: number): void {
    if (product >= namedIn.length) {
      namedIn = grown(namedIn, product)
      placeIn = grown(placeIn, product)
    }
    if (namedIn[product] === listCount) {
      counts.repeated++
      current.agorot[placeIn[product] as number] = agorot
      return
    }
    if (current.size === current.products.length) {
      current.products = grown(current.products, current.size)
      current.agorot = grown(current.agorot, current.size)
    }
    namedIn[product] = listCount
    placeIn[product] = current.size
    current.products[current.size] = product
    current.agorot[current.size++] = agorot
  }

  /** Keeps the row's wording of the product unless it is known from this moment or an earlier one. */
  function describe(current: Block, product: number, chainId: string, states: PriceCells): void {
    if ('fault' in current.target) return
    let hash = Math.imul(product, 0x9e3779b1) ^ current.target.chainHash
    let hash2 = product
    const words = states.name.some((state) => !state.empty) ? wordCells : wordCellsOfNameless
    for (let i = 0; i < words.length; i++) {
      const state = words[i] as CellState
      hash = Math.imul(hash ^ state.hash, 0x01000193)
      hash2 = Math.imul(hash2 ^ state.hash2, 0x5bd1e995)
    }
    const wording = (hash >>> 0) * 0x200000 + (hash2 >>> 11)
    const { moment } = current.target
    const met = registry.wordings.get(wording)
    if (met !== undefined && met <= moment) return
    registry.wordings.set(wording, moment)
    const texts = (list: CellState[]) => list.map(stateText)
    current.descriptions.push(
      describeProduct(
        { wording, productId: product, chainId, firstObservedAt: moment },
        {
          names: texts([...states.name, ...states.description]),
          manufacturer: first(texts(states.manufacturer)),
          country: first(texts(states.country)),
          unitName: first(texts(states.unitName)),
          unitBasis: first(texts(states.unitBasis)),
          quantity: first(texts(states.quantity)),
          weighted: texts(states.weighted),
          unknown: Object.fromEntries(unknown.map(({ name, state }) => [name, stateText(state)])),
        },
      ),
    )
  }

  await readCsv(chunks, {
    onRow(row) {
      if (columns === null || cells === null) {
        if (row.fault !== null) throw new Error(`Cannot read a price file: its header has ${row.fault}`)
        columns = readPriceHeader(Array.from({ length: row.cells }, (_, i) => cellText(row, i)))
        headerText = row.bytes.toString('utf8', row.from, row.to)
        cells = begin(columns)
        return
      }
      const states = cells
      const fault = row.fault ?? (row.cells === columns.width ? null : `${row.cells} cells instead of ${columns.width}`)
      if (block !== null && !isBlockStart(row, columns.width)) {
        if (fault === null) return take(block, row, states)
        counts.rows++
        block.rows++
        return reject(block, row, fault)
      }
      const previous = block
      previous?.hash.update(row.bytes.subarray(previous.hashFrom, row.from))
      for (const state of all) clearCell(state)
      if (fault === null) for (const state of all) takeCell(state, row)
      block = open(row, fault === null ? null : { fault: BROKEN_START }, states)
      if (fault === null) take(block, row, states)
      else {
        counts.rows++
        block.rows++
        reject(block, row, fault)
      }
      return previous === null ? undefined : close(previous)
    },
    onRelease(bytes, end) {
      if (block === null) return
      block.hash.update(bytes.subarray(block.hashFrom, end))
      block.hashFrom = 0
    },
  })
  if (columns === null) throw new Error('Cannot read a price file: it is empty')
  if (block !== null) await close(block)
  return counts
}

/** Puts a block's products in rising order. */
function toList(block: Block, target: Place, sha256: Buffer, full: boolean): ReadList {
  const { size } = block
  const order = new Float64Array(size)
  const SHIFT = 0x1000000
  for (let i = 0; i < size; i++) order[i] = (block.products[i] as number) * SHIFT + i
  order.sort()
  const products = new Int32Array(size)
  const agorot = new Int32Array(size)
  for (let i = 0; i < size; i++) {
    const key = order[i] as number
    const product = Math.floor(key / SHIFT)
    products[i] = product
    agorot[i] = block.agorot[key - product * SHIFT] as number
  }
  const { storeId, moment, fileName } = target
  return { sha256, storeId, moment, full, fileName, rows: block.rows, products, agorot }
}

function grown(column: Int32Array, least: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(column.length * 2, least + 1))
  larger.set(column)
  return larger
}

function first(texts: (string | null)[]): string | null {
  return texts.find((text) => text !== null) ?? null
}
