import type { PriceComparison } from '../../modules/analytics/index.ts'
import {
  type Check,
  type CheckTarget,
  compare,
  type Outcome,
  readAllRows,
  roundHalfUp,
  sampleIds,
} from './check.ts'

type Price = { price: number; discount_price: number | null; store: { id: number } }

/** Compares comparisons with the rows of /v1/prices, and stale stores with the lists. */
export const comparison: Check = {
  name: 'comparison',
  async run(target) {
    const outcome: Outcome = { compared: 0, differences: [] }
    const products = await sampleIds(
      target,
      '(select id from catalog.products where all_store_count > 0) p',
      40,
    )
    const moments = await target.sql<{ day: string }[]>`
      select distinct (observed_at at time zone 'Asia/Jerusalem')::date::text as day from pricing.price_lists
      order by day desc limit 12`
    const [store] = await target.sql<{ chain_id: string }[]>`
      select chain_id from catalog.stores group by 1 order by count(*) desc limit 1`
    const filters = ['', '&include_stale=true', `&chain_id=${store?.chain_id}`]
    for (const [i, id] of products.entries()) {
      for (const filter of filters) await checkQuery(target, outcome, { id, filter })
      const day = moments[i % moments.length]?.day
      await checkQuery(target, outcome, { id, filter: '', asOf: day })
    }
    return outcome
  },
}

async function checkQuery(
  target: CheckTarget,
  outcome: Outcome,
  { id, filter, asOf }: { id: number; filter: string; asOf?: string | undefined },
): Promise<void> {
  const at = asOf === undefined ? '' : `&as_of=${asOf}`
  const path = `/v1/analytics/price-comparison?product_id=${id}${filter}${at}`
  const [answer] = await readAllRows<PriceComparison>(target, path)
  const seen = await plainObservations(target, asOf)
  const prices = await readAllRows<Price>(
    target,
    `/v1/prices?product_id=${id}${filter.replace('&include_stale=true', '')}${at}`,
  )
  const counted = prices.filter(
    ({ store }) => filter.includes('stale') || seen.get(store.id)?.stale === false,
  )
  const lowest = counted.map(({ price, discount_price }) => discount_price ?? price)
  const days = counted.map(({ store }) => seen.get(store.id)?.day ?? '').sort()
  const ranks = counted.map(({ price, store }) => [
    store.id,
    1 + counted.filter((other) => other.price < price).length,
  ])
  const promoted = counted.map(({ store }, i) => [
    store.id,
    1 + lowest.filter((other) => other < (lowest[i] as number)).length,
  ])
  const byStore = (rows: (number | null | undefined)[][]) =>
    rows.toSorted(([a], [b]) => Number(a) - Number(b))
  const rows = answer?.stores ?? []
  compare(
    outcome,
    path,
    [
      { ...answer, product: answer?.product.id, stores: rows.length },
      byStore(rows.filter(({ rank }) => rank !== null).map(({ store, rank }) => [store.id, rank])),
      byStore(
        rows
          .filter(({ rank }) => rank !== null)
          .map((row) => [row.store.id, row.rank_with_promotions]),
      ),
    ],
    [
      {
        product: id,
        store_count: counted.length,
        stale_stores: prices.length - counted.length,
        observation_date: days.at(-1) ?? null,
        oldest_observation_date: days[0] ?? null,
        shelf: plainRange(counted.map(({ price, store }) => ({ price, id: store.id }))),
        with_promotions: withPromotions(counted),
        stores: prices.length,
      },
      byStore(ranks),
      byStore(promoted),
    ],
  )
}

function withPromotions(prices: readonly Price[]) {
  const range = plainRange(
    prices.map(({ price, discount_price, store }) => ({
      price: discount_price ?? price,
      id: store.id,
    })),
  )
  return (
    range && {
      ...range,
      promoted_stores: prices.filter(({ discount_price }) => discount_price !== null).length,
    }
  )
}

function plainRange(prices: readonly { price: number; id: number }[]) {
  const agorot = prices.map(({ price }) => Math.round(price * 100)).sort((a, b) => a - b)
  const [min, max, middle] = [agorot[0], agorot.at(-1), agorot.length / 2]
  if (min === undefined || max === undefined) return null
  const sum = agorot.reduce((total, price) => total + price, 0)
  const median = ((agorot[Math.ceil(middle) - 1] ?? 0) + (agorot[Math.floor(middle)] ?? 0)) / 2
  return {
    min: min / 100,
    max: max / 100,
    mean: roundHalfUp(sum / agorot.length) / 100,
    median: roundHalfUp(median) / 100,
    spread: (max - min) / 100,
    spread_percent: roundHalfUp((10_000 * (max - min)) / min) / 100,
    cheapest: prices
      .filter(({ price }) => Math.round(price * 100) === min)
      .map(({ id }) => id)
      .sort((a, b) => a - b),
  }
}

/**
 * When each store was last observed, up to the end of a day if one is given, and whether it is
 * stale.
 */
async function plainObservations(
  { sql }: CheckTarget,
  asOf: string | undefined,
): Promise<Map<number, { day: string; stale: boolean }>> {
  const rows = await sql<{ id: number; day: string; stale: boolean }[]>`
    with seen as (
      select l.store_id as id, max(observed_at) as at from pricing.price_lists l
      where ${asOf ?? null}::date is null or (observed_at at time zone 'Asia/Jerusalem')::date <= ${asOf ?? null}::date
      group by 1
    )
    select id, (at at time zone 'Asia/Jerusalem')::date::text as day,
      at < (select max(at) from seen) - (last_observed_at - stale_before) as stale from seen, core.generation`
  return new Map(rows.map(({ id, day, stale }) => [id, { day, stale }]))
}
