import { expect, test } from 'bun:test'
import { excludeReading } from './exclude-reading.ts'

test('a reading that costs more than the shelf is excluded', () => {
  // 300 grams for 16.00 or 16.00 a kilogram, where a kilogram costs 14.00
  const dear = { agorot: 1600, quantity: 1500, rate: null }
  expect(excludeReading(dear, [1400])).toBe('quantity')
  expect(excludeReading({ ...dear, quantity: 300 }, [2000])).toBe('kilogram')
})

test('so is one that contradicts the rate for every item', () => {
  const terms = { agorot: 3000, quantity: 1900, rate: 2500 }
  expect(excludeReading(terms, [4000, 9000])).toBe('kilogram')
  expect(excludeReading({ agorot: 6000, quantity: 2000, rate: 2500 }, [4000])).toBe('quantity')
})

test('two readings that are left, or none, settle nothing', () => {
  expect(excludeReading({ agorot: 3000, quantity: 1900, rate: null }, [4000])).toBeNull()
  expect(excludeReading({ agorot: 9000, quantity: 1100, rate: null }, [1000])).toBeNull()
  expect(excludeReading({ agorot: 3000, quantity: 1900, rate: null }, [])).toBeNull()
})
