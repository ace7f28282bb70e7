import { type Choice, chooseStores } from './choose-stores.ts'
import { type Instance, MISSING, type Plan, TooHard, type Watch } from './instance.ts'
import { createParts } from './part-costs.ts'
import { costsOf, withoutOutdone } from './store-costs.ts'

/** The best plan for at most one store, at most two, and so on; each costs no more than the one before. */
export type Optimum = {
  plans: Plan[]
  /** No other plan is cheaper: every price that it was compared with is exact. */
  exact: boolean
}

/**
 * The cheapest way to buy a basket in some of the stores: every line whole in one of them, each store's part at what
 * `priceBasket` says it costs, and each visit at its price. As much of the basket as can be had comes before what it costs.
 *
 * @param stopAt a moment of `performance.now()`
 * @throws TooHard when it is reached before the optimum is proven
 */
export function optimizeBasket(instance: Instance, stopAt = Number.POSITIVE_INFINITY): Optimum {
  const watch: Watch = () => {
    if (performance.now() > stopAt) throw new TooHard('the time is over')
  }
  const proof = { exact: true }
  const sold = instance.lines.filter(({ productId }) =>
    instance.stores.some(({ prices }) => prices.has(productId)),
  )
  const part = createParts(sold, proof)
  const costs = instance.stores.map((offer, store) => {
    watch()
    return costsOf(offer, { store, lines: sold, part })
  })
  const sellers = costs.filter(({ shelf }) => shelf.some((agorot) => agorot < MISSING))
  const choices = chooseStores(withoutOutdone(sellers), { ...instance, watch })
  const places = sold.map((line) => instance.lines.indexOf(line))
  return { plans: choices.map((choice) => planOf(choice, places)), exact: proof.exact }
}

/** @param places of the lines among all of the basket */
function planOf({ agorot, sellers, stores }: Choice, places: readonly number[]): Plan {
  const missing = sellers.filter((at) => at < 0).length
  const visited = stores
    .map(({ store }, at) => ({ store, lines: places.filter((_, line) => sellers[line] === at) }))
    .filter(({ lines }) => lines.length > 0)
    .sort((a, b) => a.store - b.store)
  return { agorot: agorot - missing * MISSING, stores: visited }
}
