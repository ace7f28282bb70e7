import { createHash } from 'node:crypto'
import type { Tx } from '../../../src/db/connect.ts'
import { categoryOf, type Described, decidingRule, namesOf } from '../categories/classify.ts'
import { rules } from '../categories/rules.ts'
import { type Searched, searchDocument } from '../search/document.ts'
import { learnWords } from '../search/vocabulary.ts'
import { readWords } from '../text/words.ts'

type Description = Described & Searched

/** Counted up when the code derives otherwise; a change of the tables of rules tells itself. */
const EDITION = 3
const RULES = `${EDITION}-${createHash('sha256').update(JSON.stringify(rules)).digest('hex').slice(0, 16)}`

/** A product with what is derived of it; `search` is the text of a tsvector, whose words are added to `vocabulary`. */
export function derive<T extends Description>(product: T, vocabulary: Set<string>) {
  const names = namesOf(product).map(readWords)
  const rule = decidingRule(
    names.map(({ words }) => words),
    product,
  )
  const { words, text } = searchDocument(product, { names, rule })
  for (const word of words) vocabulary.add(word)
  return { ...product, ...categoryOf(rule), search: text }
}

type Row = Description & { id: number }

const PAGE = 4000

/** Derives all products anew that another edition of the rules derived. Returns how many are otherwise now. */
export async function deriveAnew(tx: Tx): Promise<number> {
  const [known] = await tx`select from catalog.derived where rules = ${RULES}`
  if (known !== undefined) return 0
  let changed = 0
  const vocabulary = new Set<string>()
  for (let after = 0; ; ) {
    const page = await tx<Row[]>`
      select id, name, names, manufacturer, unit_of_measure as "unitOfMeasure",
        trim_scale(unit_quantity)::text as "unitQuantity", is_weighted as "isWeighted"
      from catalog.products where id > ${after} order by id limit ${PAGE}`
    const last = page.at(-1)?.id
    if (last === undefined) break
    const { count } =
      await tx`update catalog.products p set updated_at = now(), search = d.search::tsvector,
        category = d.category, subcategory = d.subcategory, category_rule = d.category_rule
      from jsonb_to_recordset(${tx.json(page.map((product) => derive(product, vocabulary)))}) as d (id integer, search text, category text,
        subcategory text, category_rule text)
      where p.id = d.id and (p.search, p.category, p.subcategory, p.category_rule)
        is distinct from (d.search::tsvector, d.category, d.subcategory, d.category_rule)`
    changed += count
    after = last
  }
  await learnWords(tx, vocabulary)
  await tx`insert into catalog.derived (rules) values (${RULES}) on conflict (only_row) do update set rules = excluded.rules`
  return changed
}
