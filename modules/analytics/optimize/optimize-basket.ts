import { type Choice, chooseStores } from './choose-stores.ts'
import {
  type DeadlineCheck,
  type Instance,
  MISSING,
  type Plan,
  SearchLimitExceeded,
} from './instance.ts'
import { createParts } from './part-costs.ts'
import { computeStoreCosts, withoutDominated } from './store-costs.ts'

/** The best plan for at most one store, at most two, and so on; costs never rise. */
export type Optimum = {
  plans: Plan[]
  /** Proven optimal: every price in the comparison is exact. */
  exact: boolean
}

/**
 * The cheapest way to buy a basket in a few stores: each line whole in one store, each store's
 * lines priced by `priceBasket`, plus the visits. Buying more of the basket comes before cost.
 *
 * @param stopAt deadline, as a `performance.now()` value
 * @throws SearchLimitExceeded when the optimum is not proven by then
 */
export function optimizeBasket(instance: Instance, stopAt = Number.POSITIVE_INFINITY): Optimum {
  const checkDeadline: DeadlineCheck = () => {
    if (performance.now() > stopAt) throw new SearchLimitExceeded('the time is over')
  }
  const proof = { exact: true }
  const sold = instance.lines.filter(({ productId }) =>
    instance.stores.some(({ prices }) => prices.has(productId)),
  )
  const part = createParts(sold, proof)
  const costs = instance.stores.map((offer, store) => {
    checkDeadline()
    return computeStoreCosts(offer, { store, lines: sold, part })
  })
  const sellers = costs.filter(({ shelf }) => shelf.some((agorot) => agorot < MISSING))
  const choices = chooseStores(withoutDominated(sellers), { ...instance, checkDeadline })
  const places = sold.map((line) => instance.lines.indexOf(line))
  return { plans: choices.map((choice) => toPlan(choice, places)), exact: proof.exact }
}

/** @param places the index in the basket of each line that any store sells */
function toPlan({ agorot, sellers, stores }: Choice, places: readonly number[]): Plan {
  const missing = sellers.filter((at) => at < 0).length
  const visited = stores
    .map(({ store }, at) => ({ store, lines: places.filter((_, line) => sellers[line] === at) }))
    .filter(({ lines }) => lines.length > 0)
    .sort((a, b) => a.store - b.store)
  return { agorot: agorot - missing * MISSING, stores: visited }
}
