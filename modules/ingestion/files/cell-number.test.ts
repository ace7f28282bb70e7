import { expect, test } from 'bun:test'
import { readFlag, readNumber } from './cell-number.ts'
import { readPrice } from './cell-price.ts'
import { cellState } from './cell-state.ts'

test.each([
  ['12.90', '12.90'],
  ['5000', '5000'],
  ['.5', '.5'],
  ['12,90', '12.90'],
  ['12,9', '12.9'],
  ['0,500', '0.500'],
  [',5', '.5'],
  ['1,234.50', '1234.50'],
  ['1.234,50', '1234.50'],
  ['1,234,567', '1234567'],
  ['1.234.567', '1234567'],
  ['1 234.50', '1234.50'],
  ["1'234.50", '1234.50'],
  ['₪12.90', '12.90'],
  ['12.90 ₪', '12.90'],
  ['12.90 ש"ח', '12.90'],
  ["12.90 ש''ח", '12.90'],
  ['NIS 12.90', '12.90'],
  ['\u200f12.90\u200e', '12.90'],
  ['\u00a012.90', '12.90'],
  ['−3.50', '-3.50'],
  ['- 3.50', '-3.50'],
  ['12,9012', '12.9012'],
])('the number %j is %s', (text, decimal) => {
  expect(readNumber(text)).toEqual({ decimal })
})

test.each([
  ['1,234', 'ambiguous'],
  ['12,345', 'ambiguous'],
  ['-1,234', 'ambiguous'],
  ['1 234', 'unreadable'],
  ['12,34.5', 'unreadable'],
  ['1.2.3', 'unreadable'],
  ['$12.90', 'unreadable'],
  ['12.90 €', 'unreadable'],
  ['1e3', 'unreadable'],
  ['5-', 'unreadable'],
  ['abc', 'unreadable'],
  ['2 ב 10', 'unreadable'],
  ['12.9\uFFFD', 'unreadable'],
] as const)('%j is refused: %s', (text, fault) => {
  expect(readNumber(text)).toEqual({ fault })
})

function priceOf(text: string) {
  const bytes = Buffer.from(text)
  return readPrice({ ...cellState(0, true), bytes, length: bytes.length, empty: text === '' })
}

test.each([
  ['12,90', 1290],
  ['1,234.50', 123_450],
  ['₪5.9', 590],
  ['\u200f5.90', 590],
  ['-3', 0],
  ['−3', 0],
  ['', 'no price'],
  ['1,234', 'a price that can be read in two ways: 1,234'],
  ['abc', 'a price that cannot be read: abc'],
  ['99,999,999.00', 'a price that cannot be read: 99,999,999.00'],
])('the price %j is %p', (text, price) => {
  expect(priceOf(text)).toBe(price)
})

test('flags are numbers or words', () => {
  for (const text of ['1', '1.0', '01', 'true', 'TRUE', 'Y', 'yes', 'כן'])
    expect(readFlag(text)).toBe(true)
  for (const text of ['0', '0.00', 'false', 'no', 'N', 'לא']) expect(readFlag(text)).toBe(false)
  for (const text of [null, '2', 'maybe']) expect(readFlag(text)).toBeNull()
})
