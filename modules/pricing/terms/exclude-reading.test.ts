import { expect, test } from 'bun:test'
import { excludeReading } from './exclude-reading.ts'

test('a reading above the shelf price is excluded', () => {
  // 1.5 kg for 16.00, or 16.00 a kilogram, where a kilogram costs 14.00
  const dear = { agorot: 1600, quantity: 1500, rate: null }
  expect(excludeReading(dear, [1400])).toBe('quantity')
  expect(excludeReading({ ...dear, quantity: 300 }, [2000])).toBe('kilogram')
})

test('a reading that contradicts the rate for every item is excluded', () => {
  const terms = { agorot: 3000, quantity: 1900, rate: 2500 }
  expect(excludeReading(terms, [4000, 9000])).toBe('kilogram')
  expect(excludeReading({ agorot: 6000, quantity: 2000, rate: 2500 }, [4000])).toBe('quantity')
})

test('nothing is settled if both readings or neither remain', () => {
  expect(excludeReading({ agorot: 3000, quantity: 1900, rate: null }, [4000])).toBeNull()
  expect(excludeReading({ agorot: 9000, quantity: 1100, rate: null }, [1000])).toBeNull()
  expect(excludeReading({ agorot: 3000, quantity: 1900, rate: null }, [])).toBeNull()
})
