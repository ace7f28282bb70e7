import { checkFileNameColumn } from './csv-rows.ts'
import { KEY_COLUMNS } from './masking.ts'

/** What the columns of a price file are read for, each with its aliases in order (dataset.md, "Columns"). */
const ALIASES = {
  fileName: ['file_name'],
  chain: ['chainid'],
  store: ['storeid'],
  code: ['itemcode'],
  price: ['itemprice'],
  name: ['itemname', 'itemnm'],
  description: ['manufactureritemdescription', 'manufactureitemdescription'],
  manufacturer: ['manufacturername', 'manufacturename'],
  country: ['manufacturecountry', 'manufacturercountry'],
  unitName: ['unitqty'],
  quantity: ['quantity'],
  unitBasis: ['unitofmeasure', 'unitmeasure'],
  weighted: ['bisweighted', 'blsweighted', 'isweighted'],
} as const

export type Role = keyof typeof ALIASES

/** Columns that say nothing of a product that we keep: the price row's own state, and what is derived from it. */
const PASSED_OVER = new Set([
  ...KEY_COLUMNS,
  'itemtype',
  'itemid',
  'qtyinpackage',
  'unitofmeasureprice',
  'allowdiscount',
  'itemstatus',
  'priceupdatedate',
  'priceupdatetime',
  'lastsaledatetime',
  'lastsaledate',
  'lastupdatedate',
  'lastupdatetime',
])

/** The columns of one price file by position: `roles` lists the cells of each role in alias order, `unknown` the rest by name. */
export type PriceColumns = { width: number; roles: Record<Role, number[]>; unknown: { cell: number; name: string }[] }

/** Reads the header of a price file. Throws when a column is missing without which no row can be read. */
export function readPriceHeader(header: string[]): PriceColumns {
  const names = header.map((cell) =>
    cell
      .replace(/^\uFEFF/, '')
      .trim()
      .toLowerCase(),
  )
  const known = new Set<string>(PASSED_OVER)
  const roles = {} as Record<Role, number[]>
  for (const role of Object.keys(ALIASES) as Role[]) {
    for (const alias of ALIASES[role]) known.add(alias)
    roles[role] = ALIASES[role].map((alias) => names.indexOf(alias)).filter((cell) => cell >= 0)
  }
  for (const role of ['fileName', 'chain', 'store', 'code', 'price'] as const) {
    if (roles[role].length === 0) throw new Error(`Cannot read a price file without the column ${ALIASES[role][0]}`)
  }
  checkFileNameColumn(names, 'price')
  const unknown = names.map((name, cell) => ({ cell, name })).filter(({ name }) => name !== '' && !known.has(name))
  return { width: names.length, roles, unknown }
}
