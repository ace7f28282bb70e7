import { expect, test } from 'bun:test'
import { agorotFrom, agorotTo, meanShekels, shekels } from './money.ts'

test('every amount in agorot becomes a number with at most two decimals', () => {
  for (let agorot = 0; agorot < 200_000; agorot++) {
    if (!/^\d+(\.\d{1,2})?$/.test(String(shekels(agorot))))
      throw new Error(`${agorot} → ${shekels(agorot)}`)
  }
  expect(shekels(590)).toBe(5.9)
})

test('a mean price is rounded half up to agorot', () => {
  expect(meanShekels(1361, 2)).toBe(6.81)
  expect(meanShekels(1000, 3)).toBe(3.33)
  expect(meanShekels(2000, 3)).toBe(6.67)
  expect(meanShekels(9_007_199_254_740_991, 3)).toBe(30_023_997_515_803.3)
})

test('bounds in shekels become exact bounds in agorot', () => {
  expect([5.9, 0.29, 1.005, 19.99, 0].map(agorotFrom)).toEqual([590, 29, 101, 1999, 0])
  expect([5.9, 0.29, 1.005, 19.99, 0].map(agorotTo)).toEqual([590, 29, 100, 1999, 0])
})
