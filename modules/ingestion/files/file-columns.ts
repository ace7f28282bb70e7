import { type CellState, cellState } from './cell-state.ts'
import { isIndexColumn, type RowLayout, rowLayout } from './csv-rows.ts'
import { KEY_COLUMNS, type Masking } from './masking.ts'

/** What tells where a row belongs. These columns are carried down in every form of file. */
const PLACE = { fileName: ['file_name'], chain: ['chainid'], store: ['storeid'] } as const
type PlaceRole = keyof typeof PLACE

/** What the columns of a family of files are read for. */
export type ColumnRules<R extends string> = {
  /** `price`, `promotion`: what an error calls the file. */
  family: string
  /** Each role's aliases in order (dataset.md, "Columns"). */
  aliases: Record<R, readonly string[]>
  /** Roles without which no row can be read. */
  needed: readonly R[]
  /** Columns that say nothing that we keep. */
  passedOver: readonly string[]
}

/**
 * The columns of one file: `roles` lists the cells of each role in alias order, `unknown` the rest by name, `states` all
 * of them.
 */
export type FileColumns<R extends string> = {
  layout: RowLayout
  roles: Record<R | PlaceRole, CellState[]>
  unknown: { name: string; state: CellState }[]
  states: CellState[]
  /** Those that do not tell a row's place. */
  content: CellState[]
}

/** The columns that tell a row's place, masking undone. */
export type PlaceCells = Record<PlaceRole, CellState[]>

/** Finds the columns of a file by the names in its header. Throws when a column is missing without which no row can be read. */
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
  const known = new Set<string>([
    '',
    ...KEY_COLUMNS,
    ...passedOver,
    ...Object.values(aliases).flat(),
  ])
  const unknown = names.flatMap((name, cell) =>
    known.has(name) || isIndexColumn(name)
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
