import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Promotion, priceBasket } from '../../pricing/index.ts'
import type { Instance, StoreOffer } from '../optimize/instance.ts'
import { optimizeBasket } from '../optimize/optimize-basket.ts'
import { rankBaskets } from './rank-baskets.ts'

/** An example in docs/analytics.md: prices in shekels, quantities in units, bundle promotions. */
type Example = {
  example: string
  basket: Record<string, number>
  stores: Record<string, Record<string, number>>
  promotions: { in: string[]; units: number; price: number; on: string[] }[]
}

const text = readFileSync(
  fileURLToPath(new URL('../../../docs/analytics.md', import.meta.url).href),
  'utf8',
)
const examples = [...text.matchAll(/```json\n(.*?)```/gs)].map(([, json = '']) => JSON.parse(json))

function examplesOf<T>(name: string): (Example & T)[] {
  const found = examples.filter(({ example }) => example === name)
  expect(found.length).toBeGreaterThan(0)
  return found
}

const agorot = (shekels: number) => Math.round(shekels * 100)

function instanceOf({ basket, stores, promotions }: Example): Pick<Instance, 'lines' | 'stores'> {
  const names = Object.keys(basket)
  const offers = promotions.map(({ units, price, on }, id): Promotion => {
    const terms = {
      notComputable: null,
      weightUnsettled: false,
      rate: null,
      maxQuantity: null,
      minBasketAgorot: null,
    }
    const always = { clubs: [], coupon: false, startsAt: null, endsAt: null }
    const productIds = on.map((name) => names.indexOf(name))
    return {
      id,
      kind: 'bundle_price',
      ...terms,
      ...always,
      quantity: units * 1000,
      agorot: agorot(price),
      productIds,
    }
  })
  return {
    lines: names.map((name, productId) => ({ productId, quantity: (basket[name] ?? 0) * 1000 })),
    stores: Object.entries(stores).map(([store, shelf]): StoreOffer => {
      const priced = Object.entries(shelf).map(
        ([name, price]) =>
          [names.indexOf(name), { agorot: agorot(price), isWeighted: false }] as const,
      )
      return {
        prices: new Map(priced),
        promotions: offers.filter((_, i) => promotions[i]?.in.includes(store)),
        shopper: { day: '2026-08-20', clubs: [], coupons: [] },
      }
    }),
  }
}

test('the examples in docs/analytics.md have the right totals, ranks and savings', () => {
  type Comparison = Record<
    string,
    { total_cost: number; rank: number | null; savings: number | null }
  >
  for (const example of examplesOf<{ comparison: Comparison }>('basket-cost')) {
    const { lines, stores } = instanceOf(example)
    const names = Object.keys(example.stores)
    const priced = stores.map(({ prices, promotions, shopper }, at) => {
      return { name: names[at], priced: priceBasket(lines, prices, promotions, shopper) }
    })
    const actual = rankBaskets(priced).map(({ name, priced, rank, savingsAgorot }) => {
      return [
        name,
        {
          total_cost: priced.agorot / 100,
          rank,
          savings: savingsAgorot === null ? null : savingsAgorot / 100,
        },
      ]
    })
    expect(actual).toEqual(Object.entries(example.comparison))
  }
})

test('the examples in docs/analytics.md have the right split of a basket', () => {
  type Options = {
    visit_cost: number
    options: { split: Record<string, string[]>; total_cost: number }[]
  }
  for (const example of examplesOf<Options>('basket-optimize')) {
    const { visit_cost, options } = example
    const visitAgorot = agorot(visit_cost)
    const { plans } = optimizeBasket({
      ...instanceOf(example),
      maxStores: options.length,
      visitAgorot,
    })
    const names = Object.keys(example.stores)
    const goods = Object.keys(example.basket)
    const actual = plans.map(({ agorot, stores }) => ({
      split: Object.fromEntries(
        stores.map(({ store, lines }) => [names[store], lines.map((line) => goods[line])]),
      ),
      total_cost: (agorot + stores.length * visitAgorot) / 100,
    }))
    expect(actual).toEqual(options)
  }
})
