import type { Deal } from '../../modules/analytics/index.ts'
import { type Check, compare, type Outcome, readAllRows } from './check.ts'
import { slowDeals } from './slow-deals.ts'
import { readSlowMarket } from './slow-market.ts'

/**
 * Compares all deals (not grouped by promotion) with their definition, store by store and day by
 * day.
 */
export const deals: Check = {
  name: 'deals',
  async run(target) {
    const outcome: Outcome = { compared: 0, differences: [] }
    const market = await readSlowMarket(target.sql)
    for (const includeStale of [false, true]) {
      const path = `/v1/analytics/deals?group_variants=false&sort=product_id&include_stale=${includeStale}`
      const answers = (await readAllRows<Deal>(target, path)).map((deal) => ({
        ids: [deal.product.id, deal.store.chain_id, deal.store.id],
        figures: [
          deal.stores,
          deal.worth,
          deal.score,
          deal.percent,
          deal.price,
          deal.reference_price,
        ],
      }))
      const plain = slowDeals(market, { includeStale }).map((deal) => ({
        ids: [deal.product_id, deal.chain_id, deal.store_id],
        figures: [deal.stores, deal.worth, deal.score, deal.percent, deal.price, deal.reference],
      }))
      plain.sort(
        (a, b) =>
          Number(a.ids[0]) - Number(b.ids[0]) || (String(a.ids[1]) < String(b.ids[1]) ? -1 : 1),
      )
      compare(outcome, path, answers, plain)
    }
    return outcome
  },
}
