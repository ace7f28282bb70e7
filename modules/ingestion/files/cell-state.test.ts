import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { cellState, readAgorot, readDigits } from './cell-state.ts'

function stateOf(text: string) {
  const bytes = Buffer.from(text)
  return { ...cellState(0, true), bytes, length: bytes.length, empty: bytes.length === 0 }
}

test.each([
  ['5.9', 590],
  ['51.1400', 5114],
  ['65', 6500],
  ['0.01', 1],
  ['.5', 50],
  ['7.', 700],
  [' 3.20 ', 320],
  ['1.005', 101],
  ['1.0049', 100],
  ['0', 0],
  ['0.00', 0],
  ['0.004', 0],
  ['-3.50', 0],
  ['', -1],
  ['abc', -1],
  ['1,5', -1],
  ['1.2.3', -1],
  ['1e3', -1],
  ['.', -1],
  ['99999999999', -1],
])('the price %j is %d agorot', (text, agorot) => {
  expect(readAgorot(stateOf(text))).toBe(agorot)
})

test('every price with two decimals is read exactly', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), (agorot) => {
      const text = `${Math.floor(agorot / 100)}.${String(agorot % 100).padStart(2, '0')}`
      expect(readAgorot(stateOf(text))).toBe(agorot)
    }),
  )
})

test.each([
  ['7290000000123', 7290000000123],
  ['0000123', 123],
  ['000', 0],
  ['999999999999999', 999999999999999],
  ['1234567890123456', -1],
  ['12a', -1],
  ['', -1],
])('the code %j as a number is %d', (text, value) => {
  expect(readDigits(stateOf(text))).toBe(value)
})
