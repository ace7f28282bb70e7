import type { Check } from './check.ts'

/** Compares the packed spans that trends read with the spans they were packed from. */
export const packedSpans: Check = {
  name: 'packed-spans',
  async run({ sql }) {
    const [row] = await sql<{ compared: number; differing: number[] | null }[]>`
      with plain as (
        select product_id, count(*), string_agg(int4send(store_id)
          || int4send((extract(epoch from valid_from) - 2147483648)::integer)
          || int4send((coalesce(extract(epoch from valid_to), 4294967295) - 2147483648)::integer)
          || int4send(agorot), '' order by store_id, valid_from) as spans
        from pricing.prices group by product_id
      )
      select coalesce(sum(count), 0)::float8 as compared,
        array_agg(product_id) filter (where k.spans is distinct from p.spans) as differing
      from plain p full join pricing.product_spans k using (product_id)`
    const differences = (row?.differing ?? []).map(
      (id) => `product ${id} is packed otherwise than its prices`,
    )
    return { compared: row?.compared ?? 0, differences }
  },
}
