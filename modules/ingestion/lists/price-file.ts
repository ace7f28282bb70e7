import { numberText } from '../files/cell-number.ts'
import { readPrice } from '../files/cell-price.ts'
import { type CellState, stateText } from '../files/cell-state.ts'
import type { CsvRow } from '../files/csv-rows.ts'
import type { FileColumns } from '../files/file-columns.ts'
import { type Description, describeProduct } from '../staging/description.ts'
import { type AmountEvidence, isLargeUnit, weighAmount } from '../staging/settle-amount.ts'
import type { ReadList } from '../staging/staging.ts'
import { findItemProduct } from './item-product.ts'
import type { Place } from './list-place.ts'
import { type PriceRole, priceColumns } from './price-columns.ts'
import {
  type ListFileContext,
  LOST,
  readBlocks,
  rejectRow,
  type SourceBlock,
} from './source-blocks.ts'

/**
 * The data rows of a CSV by outcome. `rows` is the sum of loaded, repeated (another row of the list
 * replaces them), rejected and, for promotions, switched-off rows. `notForSale` counts loaded rows
 * without a price.
 */
export type FileCounts = {
  rows: number
  loaded: number
  repeated: number
  rejects: number
  off: number
  notForSale: number
}

export function noRows(): FileCounts {
  return { rows: 0, loaded: 0, repeated: 0, rejects: 0, off: 0, notForSale: 0 }
}

type PriceBlock = SourceBlock & {
  products: Int32Array
  agorot: Int32Array
  size: number
  descriptions: Description[]
}

/** The price of a rejected row that is not for sale. */
const UNREADABLE = -1

/**
 * Reads a `price_full` or `price` CSV by the rules of dataset.md. Makes a price list of every
 * source file; the last row of a repeated code counts. Rows that cannot be used become rejects.
 */
export async function readPriceFile(
  chunks: AsyncIterable<Uint8Array>,
  context: ListFileContext,
): Promise<FileCounts> {
  const { registry, full } = context
  const counts = noRows()
  let cells = {} as FileColumns<PriceRole>['roles']
  let unknown: FileColumns<PriceRole>['unknown'] = []
  let wordCells: CellState[] = []
  /** The list that last contained each product, and the product's index in it. */
  let namedIn = new Int32Array(1 << 16)
  let placeIn = new Int32Array(1 << 16)
  let listCount = 0
  const largeUnits = new Map<number, boolean>()

  function begin(columns: FileColumns<PriceRole>): void {
    cells = columns.roles
    unknown = columns.unknown
    const { name, manufacturer, country, unitName, unitBasis, quantity, weighted } = cells
    const extra = unknown.map(({ state }) => state)
    wordCells = [
      ...extra,
      ...name,
      ...manufacturer,
      ...country,
      ...unitName,
      ...unitBasis,
      ...quantity,
      ...weighted,
      ...cells.description,
    ]
  }

  function open(block: SourceBlock): PriceBlock {
    listCount++
    return {
      ...block,
      products: new Int32Array(1024),
      agorot: new Int32Array(1024),
      size: 0,
      descriptions: [],
    }
  }

  async function close(block: PriceBlock, sha256: Buffer): Promise<void> {
    counts.rejects += block.rejects.length
    const { fileName, rows, target, descriptions, rejects } = block
    const list = 'fault' in target ? null : toList(block, target, { sha256, full })
    for (let i = 0; i < block.size; i++) if (block.agorot[i] !== UNREADABLE) counts.loaded++
    await context.onSourceFile({
      fileName,
      rows,
      sha256,
      list,
      storeFacts: [],
      descriptions,
      rejects,
    })
  }

  function take(block: PriceBlock, row: CsvRow, place: Place): undefined {
    if (cells.code[0]?.lost || cells.price[0]?.lost) return rejectRow(block, row, LOST)
    const product = findItemProduct(registry, cells.code[0] as CellState, place.chainId)
    if (typeof product === 'string') return rejectRow(block, row, product)
    const agorot = readPrice(cells.price[0] as CellState)
    if (typeof agorot === 'string') rejectRow(block, row, agorot)
    if (typeof agorot === 'string' || agorot <= 0) counts.notForSale++
    put(block, product, typeof agorot === 'string' ? UNREADABLE : agorot)
    describe(block, product, { place, agorot: typeof agorot === 'string' ? 0 : agorot })
  }

  function put(block: PriceBlock, product: number, agorot: number): void {
    if (product >= namedIn.length) {
      namedIn = grown(namedIn, product)
      placeIn = grown(placeIn, product)
    }
    if (namedIn[product] === listCount) {
      const place = placeIn[product] as number
      if (block.agorot[place] !== UNREADABLE) counts.repeated++
      block.agorot[place] = agorot
      return
    }
    if (block.size === block.products.length) {
      block.products = grown(block.products, block.size)
      block.agorot = grown(block.agorot, block.size)
    }
    namedIn[product] = listCount
    placeIn[product] = block.size
    block.products[block.size] = product
    block.agorot[block.size++] = agorot
  }

  /**
   * Compares an amount in a large unit with the row's unit price. Each spelling of the unit is read
   * once.
   */
  function readEvidence(agorot: number): AmountEvidence {
    const unit = cells.unitName[0]
    if (unit === undefined || unit.empty) return null
    let isLarge = largeUnits.get(unit.hash)
    if (isLarge === undefined) {
      isLarge = isLargeUnit(stateText(unit))
      largeUnits.set(unit.hash, isLarge)
    }
    const quantity = cells.quantity[0]
    const unitPrice = cells.unitPrice[0]
    if (!isLarge || quantity === undefined || unitPrice === undefined) return null
    return weighAmount(numberOf(quantity), agorot / 100, numberOf(unitPrice))
  }

  /**
   * Keeps the row's wording of the product unless it is registered with this observation time or an
   * earlier one.
   */
  function describe(
    block: PriceBlock,
    product: number,
    { place, agorot }: { place: Place; agorot: number },
  ): void {
    const { chainId, chainHash, moment } = place
    const evidence = readEvidence(agorot)
    let hash = Math.imul(product, 0x9e3779b1) ^ chainHash ^ (evidence?.length ?? 0)
    let hash2 = product
    const words = wordCells
    for (let i = 0; i < words.length; i++) {
      const state = words[i] as CellState
      hash = Math.imul(hash ^ state.hash, 0x01000193)
      hash2 = Math.imul(hash2 ^ state.hash2, 0x5bd1e995)
    }
    const wording = (hash >>> 0) * 0x200000 + (hash2 >>> 11)
    const firstObserved = registry.wordings.get(wording)
    if (firstObserved !== undefined && firstObserved <= moment) return
    registry.wordings.set(wording, moment)
    const texts = (list: CellState[]) => list.map(stateText)
    block.descriptions.push(
      describeProduct(
        { wording, productId: product, chainId, firstObservedAt: moment },
        {
          names: texts([...cells.name, ...cells.description]),
          manufacturer: first(texts(cells.manufacturer)),
          country: first(texts(cells.country)),
          unitName: first(texts(cells.unitName)),
          unitBasis: first(texts(cells.unitBasis)),
          quantity: first(texts(cells.quantity)),
          weighted: texts(cells.weighted),
          evidence,
          unknown: Object.fromEntries(unknown.map(({ name, state }) => [name, stateText(state)])),
        },
      ),
    )
  }

  counts.rows = await readBlocks(chunks, context, {
    columns: priceColumns,
    begin,
    open,
    take,
    close,
  })
  return counts
}

/** Sorts a block's products in ascending order. */
function toList(
  block: PriceBlock,
  place: Place,
  { sha256, full }: Pick<ReadList, 'sha256' | 'full'>,
): ReadList {
  const { size, rows } = block
  const order = new Float64Array(size)
  const SHIFT = 0x1000000
  for (let i = 0; i < size; i++) order[i] = (block.products[i] as number) * SHIFT + i
  order.sort()
  const keys = new Int32Array(size)
  const values = new Int32Array(size)
  for (let i = 0; i < size; i++) {
    const rank = order[i] as number
    const product = Math.floor(rank / SHIFT)
    keys[i] = product
    values[i] = Math.max(0, block.agorot[rank - product * SHIFT] as number)
  }
  const { storeId, moment, fileName } = place
  return { sha256, storeId, moment, full, fileName, rows, keys, values }
}

/** The number of a cell; NaN for other text. */
function numberOf(cell: CellState): number {
  return Number(numberText(stateText(cell)) ?? Number.NaN)
}

function grown(column: Int32Array, least: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(column.length * 2, least + 1))
  larger.set(column)
  return larger
}

function first(texts: (string | null)[]): string | null {
  return texts.find((text) => text !== null) ?? null
}
