import type { PriceChange } from '../../modules/analytics/index.ts'
import { type Check, compare, type Outcome, readAllRows } from './check.ts'
import { daysBefore, readSlowMarket } from './slow-market.ts'
import { slowPriceChanges } from './slow-price-changes.ts'

/** Compares changes over some periods with each store's prices on both days. */
export const priceChanges: Check = {
  name: 'price-changes',
  async run(target) {
    const outcome: Outcome = { compared: 0, differences: [] }
    const market = await readSlowMarket(target.sql)
    for (const per of ['product', 'store']) {
      for (const days of [1, 4, 8]) {
        const [from, to] = [daysBefore(market.today, days), market.today]
        const path = `/v1/analytics/price-changes?per=${per}&days=${days}&sort=product_id&sort=store_id`
        const answers = (await readAllRows<PriceChange>(target, path)).map(
          ({ product, store, ...row }) => ({
            ...{ product_id: product.id, store_id: store?.id ?? null },
            ...row,
          }),
        )
        const plain = slowPriceChanges(market, { from, to, per })
        plain.sort((a, b) => a.product_id - b.product_id || Number(a.store_id) - Number(b.store_id))
        compare(outcome, path, answers, plain)
      }
    }
    return outcome
  },
}
