import { expect, test } from 'bun:test'
import { settleWeight } from './settle-weight.ts'

test('the rate that is told settles what the price is for', () => {
  // a kilogram costs 40.00; "1.9 kg, 30.00, 25% off" can only mean a kilogram
  expect(settleWeight({ quantity: 1900, agorot: 3000, rate: 2500 }, 4000)).toBe('price_per_kg')
  // "2 kg, 60.00, 25% off" can only mean both
  expect(settleWeight({ quantity: 2000, agorot: 6000, rate: 2500 }, 4000)).toBe('bundle_price')
  // of one kilogram both say the same
  expect(settleWeight({ quantity: 1000, agorot: 3000, rate: 2500 }, 4000)).toBe('price_per_kg')
})

test('a rate in whole percents is near enough, another one is not', () => {
  // 1 − 29.90/39.90 = 25.06%
  expect(settleWeight({ quantity: 1900, agorot: 2990, rate: 2500 }, 3990)).toBe('price_per_kg')
  expect(settleWeight({ quantity: 1900, agorot: 2990, rate: 2600 }, 3990)).toBeNull()
})

test('without a rate, or with one that fits both readings, nothing is settled', () => {
  expect(settleWeight({ quantity: 1900, agorot: 3000, rate: null }, 4000)).toBeNull()
  expect(settleWeight({ quantity: 1900, agorot: 3000, rate: 0 }, 3000)).toBeNull()
  expect(settleWeight({ quantity: 1001, agorot: 3000, rate: 2500 }, 4000)).toBeNull()
  expect(settleWeight({ quantity: 1900, agorot: null, rate: 2500 }, 4000)).toBeNull()
})
