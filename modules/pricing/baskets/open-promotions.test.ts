import { expect, test } from 'bun:test'
import { promotionOf } from '../testing/promotions.ts'
import { priceBasket } from './price-basket.ts'

const prices = new Map([1, 2, 3].map((id) => [id, { agorot: id * 1000, isWeighted: false }]))
const lines = [1, 2, 3].map((productId) => ({ productId, quantity: 1000 }))
const on = (day: string) => ({ day, clubs: [], coupons: [] })

test('a promotion with a price per item becomes one promotion per item price', () => {
  const soaps = promotionOf({
    kind: 'bundle_price',
    productIds: [1, 2, 3],
    productAgorot: { 1: 800, 2: 1600, 3: 2400 },
  })
  const basket = priceBasket(lines, prices, [soaps], on('2026-03-10'))
  expect(basket.lines.map(({ agorot }) => agorot)).toEqual([800, 1600, 2400])
  expect(basket.promotions).toEqual([{ id: 1, times: 3, quantity: 3000, savedAgorot: 1200 }])
})

test('a promotion applies only on its days of the week', () => {
  const tuesdays = promotionOf({ kind: 'bundle_price', agorot: 500, weekdays: [2] })
  expect(priceBasket(lines, prices, [tuesdays], on('2026-03-10')).agorot).toBe(5500)
  expect(priceBasket(lines, prices, [tuesdays], on('2026-03-11')).agorot).toBe(6000)
})
