import { expect, test } from 'bun:test'
import { settleWeight } from './settle-weight.ts'

test('the stated rate settles what the price is for', () => {
  // a kilogram costs 40.00; "1.9 kg, 30.00, 25% off" can only mean a kilogram
  expect(settleWeight({ quantity: 1900, agorot: 3000, rate: 2500 }, 4000)).toBe('price_per_kg')
  // "2 kg, 60.00, 25% off" can only mean the whole weight
  expect(settleWeight({ quantity: 2000, agorot: 6000, rate: 2500 }, 4000)).toBe('bundle_price')
  // for one kilogram, both readings are the same
  expect(settleWeight({ quantity: 1000, agorot: 3000, rate: 2500 }, 4000)).toBe('price_per_kg')
})

test('a rate rounded to whole percents matches, and a different rate does not', () => {
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
