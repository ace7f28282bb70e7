import { type CellState, cellState } from './cell-state.ts'
import { isIndexColumn, type RowLayout, rowLayout } from './csv-rows.ts'
import { KEY_COLUMNS, type Masking } from './masking.ts'

/**
 * The columns for the chain, store and list of a row. Empty cells in them inherit the row above in
 * every form of file.
 */
const PLACE = { fileName: ['file_name'], chain: ['chainid'], store: ['storeid'] } as const
type PlaceRole = keyof typeof PLACE

/** The meaning of the columns in a family of files. */
export type ColumnRules<R extends string> = {
  /** Kind of file in error messages: `price` or `promotion`. */
  family: string
  /** The aliases of each role, in order of precedence (dataset.md, "Columns"). */
  aliases: Record<R, readonly string[]>
  /** Roles that a file must have. */
  needed: readonly R[]
  /** Columns that are ignored. */
  passedOver: readonly string[]
}

/**
 * The columns of one file: `roles` lists the cells of each role in alias order, `unknown` the other
 * columns by name, `states` all columns.
 */
export type FileColumns<R extends string> = {
  layout: RowLayout
  roles: Record<R | PlaceRole, CellState[]>
  unknown: { name: string; state: CellState }[]
  states: CellState[]
  /** Columns other than the key columns. */
  content: CellState[]
}

/** The key columns, with masking undone. */
export type PlaceCells = Record<PlaceRole, CellState[]>

/**
 * Finds the columns of a file by the names in its header. Throws when a required column is missing.
 */
export function readColumns<R extends string>(
  names: readonly string[],
  masking: Masking,
  rules: ColumnRules<R>,
): FileColumns<R> {
  const { family, passedOver } = rules
  const aliases: Record<string, readonly string[]> = { ...PLACE, ...rules.aliases }
  const roles: Record<string, CellState[]> = {}
  for (const [role, columns] of Object.entries(aliases)) {
    const cells = columns.map((column) => names.indexOf(column)).filter((cell) => cell >= 0)
    roles[role] = cells.map((cell) => cellState(cell, masking === 'all' || role in PLACE))
  }
  for (const role of [...Object.keys(PLACE), ...rules.needed]) {
    if (roles[role]?.length === 0)
      throw new Error(`Cannot read a ${family} file without the column ${aliases[role]?.[0]}`)
  }
  const knownNames = new Set<string>([
    '',
    ...KEY_COLUMNS,
    ...passedOver,
    ...Object.values(aliases).flat(),
  ])
  const unknown = names.flatMap((name, cell) =>
    knownNames.has(name) || isIndexColumn(name)
      ? []
      : [{ name, state: cellState(cell, masking === 'all') }],
  )
  const places = new Set(Object.keys(PLACE).flatMap((role) => roles[role] ?? []))
  const states = [...Object.values(roles).flat(), ...unknown.map(({ state }) => state)]
  return {
    layout: rowLayout(names, family),
    roles: roles as Record<R | PlaceRole, CellState[]>,
    unknown,
    states,
    content: states.filter((state) => !places.has(state)),
  }
}
