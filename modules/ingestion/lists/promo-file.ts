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
import { promotionCode, readContent, type TermCells } from '../promotions/promo-content.ts'
import type { ItemCells } from '../promotions/promo-items.ts'
import { promotionId, termsId } from '../staging/registry.ts'
import type { Place } from './list-place.ts'
import { type FileCounts, noRows } from './price-file.ts'
import {
  type ListFileContext,
  rawText,
  readBlocks,
  rejectRow,
  rowBytes,
  type SourceBlock,
} from './source-blocks.ts'

/**
 * A promotion of the open source file. Its terms and its items have a hash each, which tell whether it is known. The
 * cells are kept only when it may have to be read.
 */
type Met = {
  terms: number
  terms2: number
  items: number
  items2: number
  cells: TermCells | null
  rows: MetRow[]
}
type MetRow = ItemCells & { line: number; listRow: number; bytes: Buffer }

type PromoBlock = SourceBlock & { met: Map<string, Met> }

/** A column with the numbers that tell its value from the same value of another column. */
type Salted = { state: CellState; salt: number }

const LONGEST_ID = 100
/** Counts up whenever `readTerms` decides otherwise: promotions that are known by their cells are then read again. */
const RULES = 1

/**
 * Reads a `promo_full` or `promo` CSV by the rules of dataset.md: makes a list of every source file, as of prices, with
 * promotions in place of products and terms in place of prices (0: switched off). A promotion whose cells were met
 * before is not read again. Several rows of a promotion with the same terms are one, with the items of all; of
 * different ones the last counts.
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

  function begin(columns: FileColumns<TermRole | ItemRole>): void {
    cells = columns.roles
    unknown = columns.unknown
    termStates = Object.keys(TERM_ROLES).flatMap((role) => salted(cells[role as TermRole], role))
    for (const { name, state } of unknown) termStates.push(...salted([state], name))
    itemStates = Object.keys(ITEM_ROLES).flatMap((role) => salted(cells[role as ItemRole], role))
  }

  function take(block: PromoBlock, row: CsvRow, { chainHash }: Place): undefined {
    const id = cells.id[0] as CellState
    const code = promotionCode(stateText(id))
    if (code === '') return rejectRow(block, row, 'no promotion id')
    if (id.length > LONGEST_ID) return rejectRow(block, row, `a promotion id of ${id.length} bytes`)
    const start = chainHash ^ Math.imul(RULES, 0x9e3779b1)
    const [terms, terms2] = [mixed(termStates, start), mixed2(termStates, start)]
    const [items, items2] = [mixed(itemStates, 0), mixed2(itemStates, 0)]
    const metRow: MetRow = {
      ...textsOf(ITEM_ROLES),
      line: row.line,
      listRow: block.rows,
      bytes: Buffer.from(rowBytes(row)),
    }
    const met = block.met.get(code)
    if (met === undefined || met.terms !== terms || met.terms2 !== terms2) {
      counts.repeated += met?.rows.length ?? 0
      const fresh: Met = { terms, terms2, items, items2, cells: null, rows: [metRow] }
      if (!registry.termsByWording.has(wordingOf(fresh))) fresh.cells = termCells()
      block.met.set(code, fresh)
      return
    }
    met.items = (met.items + items) | 0
    met.items2 = (met.items2 + items2) | 0
    met.rows.push(metRow)
    met.cells ??= termCells()
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

  /** The terms of a promotion: those of its wording, or read now; 0 when it is switched off, null when it cannot be read. */
  function settle(block: PromoBlock, met: Met, chainId: string): number | null {
    const wording = wordingOf(met)
    const known = registry.termsByWording.get(wording)
    if (known !== undefined) return known
    if (met.cells === null)
      throw new Error(`Cannot read a promotion of ${block.fileName}: its cells were not kept`)
    const content = readContent(met.cells, met.rows, chainId)
    if (content === 'off') return 0
    if (!('fault' in content)) return termsId(registry, wording, content)
    for (const { line, listRow, bytes } of met.rows) {
      block.rejects.push({ line, listRow, raw: rawText(bytes), reason: content.fault })
    }
    return null
  }

  async function close(block: PromoBlock, sha256: Buffer): Promise<void> {
    const { fileName, rows, target, rejects } = block
    const listed = new Map<number, number>()
    if (!('fault' in target)) {
      for (const [code, met] of block.met) {
        const terms = settle(block, met, target.chainId)
        if (terms === 0) counts.off += met.rows.length
        else if (terms !== null) counts.loaded += met.rows.length
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

  const open = (block: SourceBlock): PromoBlock => ({ ...block, met: new Map() })
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

/** The order of columns and those that are empty do not matter to a hash, so every column has a salt, of its name. */
function salted(states: CellState[], name: string): Salted[] {
  let salt = 0x811c9dc5 | 0
  for (let i = 0; i < name.length; i++) salt = Math.imul(salt ^ name.charCodeAt(i), 0x01000193)
  return states.map((state) => ({ state, salt }))
}

function mixed(states: Salted[], start: number): number {
  let sum = start
  for (let i = 0; i < states.length; i++) {
    const { state, salt } = states[i] as Salted
    if (!state.empty) sum = (sum + scrambled(state.hash ^ salt)) | 0
  }
  return sum
}

function mixed2(states: Salted[], start: number): number {
  let sum = start
  for (let i = 0; i < states.length; i++) {
    const { state, salt } = states[i] as Salted
    if (!state.empty) sum = (sum + scrambled(state.hash2 + salt)) | 0
  }
  return sum
}

/** Spreads every bit over all (the last step of MurmurHash3). */
function scrambled(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** 53 bits that stand for the promotion's cells. */
function wordingOf({ terms, terms2, items, items2 }: Met): number {
  const high = scrambled(terms + Math.imul(items, 0x9e3779b1))
  const low = scrambled(terms2 + Math.imul(items2, 0x9e3779b1))
  return (high >>> 0) * 0x200000 + (low >>> 11)
}
