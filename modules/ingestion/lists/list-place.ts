import { readChainId, readStoreNumber } from '../files/cell-code.ts'
import { type CellState, stateText } from '../files/cell-state.ts'
import type { CsvRow } from '../files/csv-rows.ts'
import type { PlaceCells } from '../files/file-columns.ts'
import { readMoment } from '../files/file-moment.ts'
import { AHEAD } from '../files/version-end.ts'
import { type Registry, storeId } from '../staging/registry.ts'

/** The store and timestamp of a source file's rows. `chainHash` represents the chain in hashes. */
export type Place = {
  chainId: string
  chainHash: number
  storeNumber: number
  storeId: number
  moment: number
  fileName: string
}
/** A place, or why the rows of the source file cannot be used. */
export type Target = Place | { fault: string }

/** Whether the row has a value of its own in the first column of a role. */
export function isGiven([state]: CellState[], row: CsvRow): boolean {
  return (
    state !== undefined && (row.ends[state.cell] as number) > (row.starts[state.cell] as number)
  )
}

/** Why a row's chain and store differ from those of its source file; null for no difference. */
export function findAstray(place: Place, states: PlaceCells): string | null {
  const chainText = stateText(states.chain[0] as CellState) ?? ''
  const storeText = stateText(states.store[0] as CellState) ?? ''
  const storeNumber = readStoreNumber(storeText)
  if (storeNumber === null) return `a store number that cannot be read: ${storeText}`
  if (storeNumber !== place.storeNumber) return `another store than its source file: ${storeText}`
  return readChainId(chainText) === place.chainId
    ? null
    : `another chain than its source file: ${chainText}`
}

/** The place of the source file that begins with the current row. */
export function readTarget(
  states: PlaceCells,
  context: { registry: Registry; slug: string; fileName: string; notAfter: number },
): Target {
  const { fileName } = context
  const chainText = stateText(states.chain[0] as CellState) ?? ''
  const storeText = stateText(states.store[0] as CellState) ?? ''
  const chainId = readChainId(chainText)
  if (chainId === null) return { fault: `a chain id that is no number: ${chainText}` }
  const storeNumber = readStoreNumber(storeText)
  if (storeNumber === null) return { fault: `a store number that cannot be read: ${storeText}` }
  const moment = readMoment(fileName)
  if (moment === null) return { fault: `no date and time in its file name: ${fileName}` }
  if (moment > context.notAfter) return { fault: `${AHEAD}: ${fileName}` }
  const store = storeId(context.registry, chainId, storeNumber, context.slug)
  return { chainId, chainHash: Number(chainId) | 0, storeNumber, storeId: store, moment, fileName }
}
