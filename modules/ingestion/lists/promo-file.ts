import { codeFault, readCode } from '../files/cell-code.ts'
import { type CellState, stateText } from '../files/cell-state.ts'
import type { CsvRow } from '../files/csv-rows.ts'
import type { FileColumns } from '../files/file-columns.ts'
import {
  ITEM_ROLES,
  type ItemRole,
  promoColumns,
  TERM_ROLES,
  type TermRole,
} from '../promotions/promo-columns.ts'
import { readContent } from '../promotions/promo-content.ts'
import type { ItemCells } from '../promotions/promo-items.ts'
import type { TermCells } from '../promotions/promo-parts.ts'
import { promotionId, termsId } from '../staging/registry.ts'
import type { Place } from './list-place.ts'
import { type FileCounts, noRows } from './price-file.ts'
import {
  type ListFileContext,
  LOST,
  rawText,
  readBlocks,
  rejectRow,
  rowBytes,
  type SourceBlock,
} from './source-blocks.ts'

/**
 * Rows of a promotion with equal terms. Terms and items each have a hash; cells are kept only when
 * needed.
 */
type Part = {
  terms: number
  terms2: number
  items: number
  items2: number
  cells: TermCells | null
  rows: ReadRow[]
}
type ReadRow = ItemCells & {
  line: number
  listRow: number
  bytes: Buffer
  items1: number
  items2: number
}

/** The parts of a promotion in the current source file, by the hash of their terms. */
type OpenPromotion = Map<number, Part>

type PromoBlock = SourceBlock & { promotions: Map<string, OpenPromotion> }

/** A column with a salt, so that equal values of different columns have different hashes. */
type Salted = { state: CellState; salt: number }

const LONGEST_ID = 100
/**
 * Increase when `readTerms` changes its results: promotions with known cells are then read again.
 */
const RULES = 2

/**
 * Reads a `promo_full` or `promo` CSV by the rules of dataset.md. Makes a list of every source
 * file, with promotions and their terms (0: switched off). A promotion with known cells is not read
 * again. Rows of a promotion with equal terms are merged with all their items. In dialect C (one
 * item a row) rows with different terms are parts of one promotion, and the last row of an item
 * counts. In other dialects the last row counts.
 */
export async function readPromoFile(
  chunks: AsyncIterable<Uint8Array>,
  context: ListFileContext,
): Promise<FileCounts> {
  const { registry, full } = context
  const counts = noRows()
  let cells = {} as FileColumns<TermRole | ItemRole>['roles']
  let unknown: FileColumns<TermRole>['unknown'] = []
  let termStates: Salted[] = []
  let itemStates: Salted[] = []
  let isItemPerRow = false
  let allStates: CellState[] = []

  function begin(columns: FileColumns<TermRole | ItemRole>): void {
    cells = columns.roles
    unknown = columns.unknown
    isItemPerRow = cells.itemCode.length > 0
    termStates = Object.keys(TERM_ROLES).flatMap((role) => withSalt(cells[role as TermRole], role))
    itemStates = Object.keys(ITEM_ROLES).flatMap((role) => withSalt(cells[role as ItemRole], role))
    allStates = [...termStates, ...itemStates].map(({ state }) => state)
  }

  function take(block: PromoBlock, row: CsvRow, { chainHash }: Place): undefined {
    if (allStates.some(({ lost }) => lost)) return rejectRow(block, row, LOST)
    const id = cells.id[0] as CellState
    if (id.length > LONGEST_ID) return rejectRow(block, row, `a promotion id of ${id.length} bytes`)
    const text = stateText(id) ?? ''
    const read = readCode(text)
    if ('fault' in read) return rejectRow(block, row, codeFault(read.fault, 'promotion id', text))
    const { code } = read
    const start = chainHash ^ Math.imul(RULES, 0x9e3779b1)
    const [terms, terms2] = [
      combineHashes(termStates, start),
      combineSecondHashes(termStates, start),
    ]
    const [items1, items2] = [combineHashes(itemStates, 0), combineSecondHashes(itemStates, 0)]
    const readRow: ReadRow = {
      ...textsOf(ITEM_ROLES),
      line: row.line,
      listRow: block.rows,
      bytes: Buffer.from(rowBytes(row)),
      items1,
      items2,
    }
    const key = (terms >>> 0) * 0x200000 + (terms2 >>> 11)
    const promotion = block.promotions.get(code) ?? new Map<number, Part>()
    block.promotions.set(code, promotion)
    const part = promotion.get(key)
    if (part === undefined) {
      if (promotion.size > 0)
        counts.repeated += removeReplaced(promotion, isItemPerRow ? readRow : null)
      const added: Part = { terms, terms2, items: items1, items2, cells: null, rows: [readRow] }
      const isKnown = promotion.size === 0 && registry.termsByWording.has(wordingOf([added]))
      if (isItemPerRow || !isKnown) added.cells = termCells()
      promotion.set(key, added)
      return
    }
    if (promotion.size > 1) counts.repeated += removeReplaced(promotion, readRow, part)
    part.items = (part.items + items1) | 0
    part.items2 = (part.items2 + items2) | 0
    part.rows.push(readRow)
    part.cells ??= termCells()
  }

  function textsOf<R extends TermRole | ItemRole>(
    roles: Record<R, unknown>,
  ): Record<R, string | null> {
    const texts = {} as Record<R, string | null>
    for (const role of Object.keys(roles) as R[]) {
      const state = cells[role].find(({ empty }) => !empty)
      texts[role] = state === undefined ? null : stateText(state)
    }
    return texts
  }

  function termCells(): TermCells {
    const others = Object.fromEntries(unknown.map(({ name, state }) => [name, stateText(state)]))
    return { ...textsOf(TERM_ROLES), unknown: others }
  }

  /**
   * The id of the terms of a promotion, by its wording or newly read; 0 for a switched-off
   * promotion, null for an unreadable one.
   */
  function settle(block: PromoBlock, parts: Part[], chainId: string): number | null {
    const wording = wordingOf(parts)
    const cachedId = registry.termsByWording.get(wording)
    if (cachedId !== undefined) return cachedId
    const read = parts.map(({ cells, rows }) => {
      if (cells === null)
        throw new Error(`Cannot read a promotion of ${block.fileName}: its cells were not kept`)
      return { cells, rows }
    })
    const content = readContent(read, chainId)
    if (content === 'off') return 0
    if (!('fault' in content)) return termsId(registry, wording, content)
    for (const { line, listRow, bytes } of parts.flatMap(({ rows }) => rows)) {
      block.rejects.push({ line, listRow, raw: rawText(bytes), reason: content.fault })
    }
    return null
  }

  async function close(block: PromoBlock, sha256: Buffer): Promise<void> {
    const { fileName, rows, target, rejects } = block
    const listed = new Map<number, number>()
    if (!('fault' in target)) {
      for (const [code, promotion] of block.promotions) {
        const parts = [...promotion.values()]
        const rowCount = parts.reduce((sum, part) => sum + part.rows.length, 0)
        const terms = settle(block, parts, target.chainId)
        if (terms === 0) counts.off += rowCount
        else if (terms !== null) counts.loaded += rowCount
        if (terms !== null) listed.set(promotionId(registry, target.chainId, code), terms)
      }
    }
    rejects.sort((a, b) => a.listRow - b.listRow)
    counts.rejects += rejects.length
    const keys = Int32Array.from(listed.keys()).sort()
    const values = keys.map((promotion) => listed.get(promotion) ?? 0)
    const list = 'fault' in target ? null : { ...placeOf(target), sha256, full, rows, keys, values }
    await context.onSourceFile({
      fileName,
      rows,
      sha256,
      list,
      storeFacts: [],
      descriptions: [],
      rejects,
    })
  }

  const open = (block: SourceBlock): PromoBlock => ({ ...block, promotions: new Map() })
  counts.rows = await readBlocks(chunks, context, {
    columns: promoColumns,
    begin,
    open,
    take,
    close,
  })
  return counts
}

function placeOf({ storeId, moment, fileName }: Place) {
  return { storeId, moment, fileName }
}

/** A hash ignores empty columns and their order, so every column has a salt from its name. */
function withSalt(states: CellState[], name: string): Salted[] {
  let salt = 0x811c9dc5 | 0
  for (let i = 0; i < name.length; i++) salt = Math.imul(salt ^ name.charCodeAt(i), 0x01000193)
  return states.map((state) => ({ state, salt }))
}

function combineHashes(states: Salted[], start: number): number {
  let sum = start
  for (let i = 0; i < states.length; i++) {
    const { state, salt } = states[i] as Salted
    if (!state.empty) sum = (sum + scramble(state.hash ^ salt)) | 0
  }
  return sum
}

function combineSecondHashes(states: Salted[], start: number): number {
  let sum = start
  for (let i = 0; i < states.length; i++) {
    const { state, salt } = states[i] as Salted
    if (!state.empty) sum = (sum + scramble(state.hash2 + salt)) | 0
  }
  return sum
}

/** Mixes all bits (the last step of MurmurHash3). */
function scramble(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/**
 * Removes the rows that a new row replaces in the other parts: those of the same item, or all rows
 * if `row` is null. Returns the number of removed rows.
 */
function removeReplaced(promotion: OpenPromotion, row: ReadRow | null, newPart?: Part): number {
  let removed = 0
  for (const [key, part] of promotion) {
    if (part === newPart) continue
    const kept = row === null ? [] : part.rows.filter((other) => !isSameItem(other, row))
    if (kept.length === part.rows.length) continue
    removed += part.rows.length - kept.length
    if (kept.length === 0) promotion.delete(key)
    else {
      part.items = kept.reduce((sum, other) => (sum + other.items1) | 0, 0)
      part.items2 = kept.reduce((sum, other) => (sum + other.items2) | 0, 0)
      part.rows = kept
    }
  }
  return removed
}

function isSameItem(a: ReadRow, b: ReadRow): boolean {
  return a.items1 === b.items1 && a.items2 === b.items2
}

/** A 53-bit hash of the promotion's cells, independent of the order of its parts. */
function wordingOf(parts: readonly Part[]): number {
  let high = 0
  let low = 0
  for (const { terms, terms2, items, items2 } of parts) {
    high = (high + scramble(terms + Math.imul(items, 0x9e3779b1))) | 0
    low = (low + scramble(terms2 + Math.imul(items2, 0x9e3779b1))) | 0
  }
  return (high >>> 0) * 0x200000 + (low >>> 11)
}
