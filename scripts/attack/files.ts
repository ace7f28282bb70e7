import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FileContent, readFileContent } from '../../modules/ingestion/index.ts'
import { writeSample } from '../sample/generate.ts'
import { type Grid, type Resolved, readGrid, resolve, writeGrid } from './csv-grid.ts'
import {
  BYTE_MUTATIONS,
  ENCODINGS,
  GRID_MUTATIONS,
  type Random,
  seededRandom,
} from './file-mutations.ts'

/** The number of files read and refused by kind of mutation, and the errors found. */
export type FileAttack = {
  kinds: Record<string, { read: number; refused: number }>
  wrong: string[]
  compared: number
  slowestMs: number
}

const HANG_MS = 5000
const MAX_WRONG = 20

/** Reads `count` mutated files of the sample. The same seed makes the same files. */
export async function attackFiles({
  count,
  seed,
}: {
  count: number
  seed: number
}): Promise<FileAttack> {
  const random = seededRandom(seed)
  const originals = await readOriginals()
  const attack: FileAttack = { kinds: {}, wrong: [], compared: 0, slowestMs: 0 }
  for (let i = 0; i < count && attack.wrong.length < MAX_WRONG; i++) {
    const original = random.pick(originals)
    const mutant = mutate(original, random)
    const label = `${i} ${mutant.kind} of ${original.name}`
    const started = performance.now()
    const content = await readOrRefuse(original.name, mutant.bytes)
    const took = performance.now() - started
    attack.slowestMs = Math.max(attack.slowestMs, took)
    attack.kinds[mutant.kind] ??= { read: 0, refused: 0 }
    const kind = attack.kinds[mutant.kind]
    if (kind !== undefined) kind[typeof content === 'string' ? 'refused' : 'read']++
    if (took > HANG_MS) attack.wrong.push(`${label}: took ${took.toFixed(0)} ms`)
    if (typeof content === 'string') {
      if (!content.startsWith('Cannot read')) attack.wrong.push(`${label}: ${content}`)
      continue
    }
    const faults = checkContent(original, mutant, content)
    attack.compared += faults.compared
    attack.wrong.push(...faults.wrong.map((fault) => `${label}: ${fault}`))
  }
  return attack
}

/** A file of the sample with its rows and the price that each row states for a product. */
type Original = {
  name: string
  text: string
  grid: Grid
  rows: (Resolved & { key: string | undefined })[]
  prices: Map<string, number>
  /** Codes that occur twice in a list; a mutation may change which row counts. */
  repeated: Set<string>
}

async function readOriginals(): Promise<Original[]> {
  const folder = await mkdtemp(join(tmpdir(), 'super-zol-attack-'))
  try {
    const [version = ''] = await writeSample(folder, { days: 1, stores: 18, products: 80 })
    const names = (await readdir(version)).filter((name) => name.endsWith('.csv')).sort()
    const originals: Original[] = []
    for (const name of names) {
      const text = await readFile(join(version, name), 'utf8')
      const grid = readGrid(text)
      if (grid.rows.length > 0) originals.push(await toOriginal(name, text, grid))
    }
    // most of the parser's code reads price files
    return [...originals, ...originals.filter(({ prices }) => prices.size > 0)]
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function toOriginal(name: string, text: string, grid: Grid): Promise<Original> {
  const { prices } = await contentOf(name, Buffer.from(text))
  const resolved = resolve(grid)
  const keyOfRow = new Map<number, string>()
  const price = grid.header.indexOf('itemprice')
  if (price >= 0) {
    // a row with a unique price identifies its product
    const numbered = grid.rows.map((row, i) =>
      row.map((cell, at) => (at === price ? { text: `${i + 1}.00`, isTouched: false } : cell)),
    )
    const probe = await contentOf(name, Buffer.from(writeGrid({ ...grid, rows: numbered })))
    for (const [key, agorot] of probe.prices) keyOfRow.set(agorot / 100 - 1, key)
  }
  const rows = resolved.map((row, i) => ({ ...row, key: keyOfRow.get(i) }))
  const seen = new Set<string>()
  const repeated = new Set<string>()
  for (const { place, code } of rows) {
    const id = `${place[0]?.text}\0${digitsOf(code.text)}`
    if (seen.has(id)) repeated.add(digitsOf(code.text))
    seen.add(id)
  }
  return { name, text, grid, rows, prices, repeated }
}

type Mutant = {
  kind: string
  bytes: Buffer
  /** The data rows that the file has; null when the mutation leaves that open. */
  rowCount: number | null
  /** The codes of rows that the mutation may have changed. */
  touched: Set<string>
}

function mutate(original: Original, random: Random): Mutant {
  const choice = random.below(10)
  if (choice < 6) return mutateGrid(original, random)
  const rowCount = original.grid.rows.length
  if (choice === 6) {
    const [kind, encode] = random.pick(Object.entries(ENCODINGS))
    return { kind, bytes: encode(original.text), rowCount, touched: new Set() }
  }
  const [kind, change] = random.pick(Object.entries(BYTE_MUTATIONS))
  const { bytes, from } = change(Buffer.from(original.text), random)
  return { kind, bytes, rowCount: null, touched: codesFrom(original, from) }
}

function mutateGrid({ grid, rows }: Original, random: Random): Mutant {
  const copy: Grid = { header: [...grid.header], rows: grid.rows.map((row) => [...row]) }
  const kinds: string[] = []
  for (let i = 0; i <= random.below(2); i++) {
    const [kind, change] = random.pick(Object.entries(GRID_MUTATIONS))
    if (copy.rows.length > 0) change(copy, random)
    kinds.push(kind)
  }
  for (const row of grid.rows) for (const cell of row) cell.isTouched = false
  const isTorn = copy.rows.some((row) => row.length !== copy.header.length)
  const intact = new Set(rows.map(identityOf))
  const touched = new Set(
    resolve(copy).flatMap((row) => (intact.has(identityOf(row)) ? [] : [digitsOf(row.code.text)])),
  )
  return {
    kind: kinds.length === 1 ? (kinds[0] ?? '') : 'two mutations',
    bytes: Buffer.from(writeGrid(copy)),
    rowCount: isTorn ? null : copy.rows.length,
    touched,
  }
}

const ids = new WeakMap<object, number>()
let lastId = 0

/** Identifies the cell objects that decide a row's price; cells with equal texts are distinct. */
function identityOf({ place, code, price }: Resolved): string {
  return [...place, code, price]
    .map((cell) => {
      const id = ids.get(cell) ?? ++lastId
      ids.set(cell, id)
      return id
    })
    .join()
}

/**
 * The codes from the line at an offset to the end of its source file. Where lines may merge, to the
 * end of the next source file.
 */
function codesFrom({ text, rows }: Original, offset: number): Set<string> {
  const before = Buffer.from(text).subarray(0, offset).toString()
  const first = Math.max(0, before.split('\n').length - 3)
  const files = rows.map(({ place }) => place[0]?.text)
  const last = files.lastIndexOf(files[Math.min(first + 3, rows.length - 1)])
  return new Set(rows.slice(first, last + 1).map(({ code }) => digitsOf(code.text)))
}

/** The digits of a code without leading zeros. */
function digitsOf(code: string): string {
  return code.replace(/\D/g, '').replace(/^0+/, '')
}

function checkContent(original: Original, mutant: Mutant, content: FileContent) {
  const { counts, sourceRows, prices } = content
  const wrong: string[] = []
  const sum = counts.loaded + counts.repeated + counts.off + counts.rejects
  if (counts.rows !== sum) wrong.push(`${counts.rows} rows, and ${sum} accounted for`)
  if (counts.rows !== sourceRows) wrong.push(`${counts.rows} rows, ${sourceRows} in source files`)
  if (mutant.rowCount !== null && counts.rows !== mutant.rowCount)
    wrong.push(`${counts.rows} rows of ${mutant.rowCount}`)
  let compared = 0
  for (const { key, code } of original.rows) {
    const before = key === undefined ? undefined : original.prices.get(key)
    const after = key === undefined ? undefined : prices.get(key)
    const digits = digitsOf(code.text)
    if (before === undefined || after === undefined) continue
    if (mutant.touched.has(digits) || original.repeated.has(digits)) continue
    compared++
    if (before !== after) wrong.push(`${key}: ${before} became ${after}`)
  }
  return { wrong, compared }
}

/** The content of a file, or the error message if it cannot be read. */
async function readOrRefuse(name: string, bytes: Buffer): Promise<FileContent | string> {
  try {
    return await contentOf(name, bytes)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function contentOf(name: string, bytes: Buffer): Promise<FileContent> {
  async function* open() {
    yield bytes
  }
  return readFileContent({ name, bytes: bytes.length, open })
}

/**
 * bun scripts/attack/files.ts [COUNT [SEED]]: reads mutated files of the sample, 10,000 by default.
 * Exits with 1 when a file crashes or hangs the reader, when rows are missing from the counts, or
 * when a price outside the mutated rows changes.
 */
if (import.meta.main) {
  const [count = 10_000, seed = 1] = process.argv.slice(2).map(Number)
  const { kinds, wrong, compared, slowestMs } = await attackFiles({ count, seed })
  console.log(`${count} files, ${compared} prices compared, slowest ${slowestMs.toFixed(0)} ms`)
  console.log(JSON.stringify(kinds))
  for (const line of wrong) console.log(`wrong: ${line}`)
  process.exit(wrong.length > 0 ? 1 : 0)
}
