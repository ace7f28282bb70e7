import { createHash } from 'node:crypto'
import type { Tx } from '../../src/db/connect.ts'
import { type Category, classify } from './categories/classify.ts'
import { rules } from './categories/rules.ts'
import { searchTokens } from './search-text.ts'

/** What is derived from a product's description: how it is searched, and what it is. */
export type Derived = Category & { search: string }

type Description = Parameters<typeof classify>[0] & { manufacturer: string | null }

/** Counted up when the code derives otherwise; a change of the tables of rules tells itself. */
const EDITION = 1
const RULES = `${EDITION}-${createHash('sha256').update(JSON.stringify(rules)).digest('hex').slice(0, 16)}`

export function derive(product: Description): Derived {
  const tokens = searchTokens([...product.names, product.manufacturer ?? ''].join(' '))
  return { ...classify(product), search: tokens.map(quoteLexeme).join(' ') }
}

/** A token as PostgreSQL reads it in the text of a tsvector. */
function quoteLexeme(token: string): string {
  return `'${token.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}

type Row = Description & { id: number }

const PAGE = 4000

/** Derives all products anew that another edition of the rules derived. Returns how many are otherwise now. */
export async function deriveAnew(tx: Tx): Promise<number> {
  const [known] = await tx`select from catalog.derived where rules = ${RULES}`
  if (known !== undefined) return 0
  let changed = 0
  for (let after = 0; ; ) {
    const page = await tx<Row[]>`
      select id, name, names, manufacturer, unit_of_measure as "unitOfMeasure", is_weighted as "isWeighted"
      from catalog.products where id > ${after} order by id limit ${PAGE}`
    const last = page.at(-1)?.id
    if (last === undefined) break
    changed += await update(tx, page)
    after = last
  }
  await tx`insert into catalog.derived (rules) values (${RULES}) on conflict (only_row) do update set rules = excluded.rules`
  return changed
}

async function update(tx: Tx, page: Row[]): Promise<number> {
  const rows = page.map((product) => ({ id: product.id, ...derive(product) }))
  const { count } = await tx`update catalog.products p set updated_at = now(), search = d.search::tsvector,
      category = d.category, subcategory = d.subcategory, category_rule = d.category_rule
    from jsonb_to_recordset(${tx.json(rows)}) as d (id integer, search text, category text, subcategory text,
      category_rule text)
    where p.id = d.id and (p.search, p.category, p.subcategory, p.category_rule)
      is distinct from (d.search::tsvector, d.category, d.subcategory, d.category_rule)`
  return count
}
