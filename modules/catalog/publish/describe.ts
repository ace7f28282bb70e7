import type { Tx } from '../../../src/db/connect.ts'
import {
  type ChainDescription,
  type ChosenDescription,
  chooseDescription,
} from '../products/choose-description.ts'
import { learnWords } from '../search/vocabulary.ts'
import { derive } from './derive.ts'

const PAGE = 4000

/**
 * Chooses again how the products of a relation (by `product_id`) are displayed, and updates the
 * published products that differ. Returns how many differ.
 *
 * Leaves the values in the temporary table `display_values`. Leaves in `reweighed_products` the
 * products that have changed between sale by weight and sale by the unit.
 */
export async function describeAnew(tx: Tx, products: string): Promise<number> {
  await tx`create temp table display_values (product_id integer primary key, name text, names text[],
    manufacturer text, country text, unit_of_measure text, unit_quantity numeric, is_weighted boolean, extra jsonb,
    search tsvector, category text, subcategory text, category_rule text) on commit drop`
  await chooseAll(tx, products)
  await tx`analyze display_values (product_id)`
  await tx`create temp table reweighed_products on commit drop as
    select p.id as product_id from catalog.products p join display_values v on v.product_id = p.id
    where p.is_weighted <> v.is_weighted`
  const { count } =
    await tx`update catalog.products p set updated_at = now(), name = coalesce(v.name, p.code),
      names = v.names, manufacturer = v.manufacturer, country = v.country, unit_of_measure = v.unit_of_measure,
      unit_quantity = v.unit_quantity, is_weighted = v.is_weighted, extra = v.extra, search = v.search,
      category = v.category, subcategory = v.subcategory, category_rule = v.category_rule
    from display_values v
    where p.id = v.product_id
      and (p.name, p.names, p.manufacturer, p.country, p.unit_of_measure, p.unit_quantity, p.is_weighted, p.extra,
          p.search, p.category, p.subcategory, p.category_rule)
        is distinct from (coalesce(v.name, p.code), v.names, v.manufacturer, v.country, v.unit_of_measure,
          v.unit_quantity, v.is_weighted, v.extra, v.search, v.category, v.subcategory, v.category_rule)`
  return count
}

type DescriptionRow = ChainDescription & { productId: number }

/** Fills `display_values`, a page at a time, and stores the words for spelling correction. */
async function chooseAll(tx: Tx, products: string): Promise<void> {
  const vocabulary = new Set<string>()
  for (let after = 0; ; ) {
    const page = await tx<{ product_id: number }[]>`
      select product_id from ${tx(products)} where product_id > ${after} order by product_id limit ${PAGE}`
    const last = page.at(-1)?.product_id
    if (last === undefined) break
    const rows = await tx<DescriptionRow[]>`
      select d.product_id as "productId", d.chain_id as "chainId", d.hash::text as hash,
        (extract(epoch from d.first_observed_at) * 1000)::float8 as "firstObservedAt", d.name, d.manufacturer,
        d.country, d.unit_of_measure as "unitOfMeasure", trim_scale(d.unit_quantity)::text as "unitQuantity",
        d.is_weighted as "isWeighted", d.extra
      from catalog.product_descriptions d join ${tx(products)} using (product_id)
      where product_id > ${after} and product_id <= ${last}`
    const byProduct = Map.groupBy(rows, (row) => row.productId)
    await insertValues(
      tx,
      [...byProduct].map(([productId, descriptions]) =>
        derive({ productId, ...chooseDescription(descriptions) }, vocabulary),
      ),
    )
    after = last
  }
  await learnWords(tx, vocabulary)
}

type DisplayValues = ReturnType<typeof derive<ChosenDescription & { productId: number }>>

async function insertValues(tx: Tx, values: DisplayValues[]): Promise<void> {
  if (values.length === 0) return
  await tx`insert into display_values (product_id, name, names, manufacturer, country, unit_of_measure, unit_quantity,
      is_weighted, extra, search, category, subcategory, category_rule)
    select "productId", name, array(select jsonb_array_elements_text(names)), manufacturer, country, "unitOfMeasure",
      "unitQuantity", "isWeighted", nullif(extra, 'null'),
      search::tsvector, category, subcategory, category_rule
    from jsonb_to_recordset(${tx.json(values)}) as x ("productId" integer, name text, names jsonb, manufacturer text,
      country text, "unitOfMeasure" text, "unitQuantity" numeric, "isWeighted" boolean, extra jsonb, search text,
      category text, subcategory text, category_rule text)`
}
