import { expect, test } from 'bun:test'
import { readChainId, readCode, readStoreNumber } from './cell-code.ts'

test.each([
  ['7290000000130', '7290000000130'],
  [' 007 ', '007'],
  ['\u200f7290000000130\u200e', '7290000000130'],
  ['\ufeff7290000000130', '7290000000130'],
  ['7290000000130.0', '7290000000130'],
  ['7290000000130.00', '7290000000130'],
  ['12.', '12'],
  ['7,290,000,000,130', '7290000000130'],
  ['="7290000000130"', '7290000000130'],
  ["'7290000000130", '7290000000130'],
  ['"7290000000130"', '7290000000130'],
  ['7.290000000130E+12', '7290000000130'],
  ['7.290000000130e12', '7290000000130'],
  ['７２９', '729'],
  ['A-1', 'A-1'],
  ['12.5', '12.5'],
])('the code %j is %j', (text, code) => {
  expect(readCode(text)).toEqual({ code })
})

test.each([
  ['', 'none'],
  ['NO_BODY', 'none'],
  ['N/A', 'none'],
  ['---', 'none'],
  ['7.29E+12', 'rounded'],
  ['7.29000000013E+12', 'rounded'],
  ['72900\uFFFD130', 'unreadable'],
] as const)('%j is no code: %s', (text, fault) => {
  expect(readCode(text)).toEqual({ fault })
})

test('shortened chain ids are completed', () => {
  expect(readChainId('72906390')).toBe('7290639000004')
  expect(readChainId('72906')).toBe('7290696200003')
  expect(readChainId('72908')).toBe('7290875100001')
  expect(readChainId(' 7290058140886 ')).toBe('7290058140886')
  expect(readChainId('שופרסל')).toBeNull()
})

test('leading zeros, direction marks and decimals do not change a chain id', () => {
  for (const cell of [
    '07290058140886',
    '0007290058140886',
    '7290058140886.0',
    '\u200f7290058140886',
  ])
    expect(readChainId(cell)).toBe('7290058140886')
  expect(readChainId('072906390')).toBe('7290639000004')
  for (const cell of ['7.29006E+12', 'NO_BODY', '', '729005814088612345678'])
    expect(readChainId(cell)).toBeNull()
})

test('store numbers are compared as numbers', () => {
  expect(readStoreNumber('001')).toBe(1)
  expect(readStoreNumber('1')).toBe(1)
  expect(readStoreNumber('0')).toBe(0)
  expect(readStoreNumber('1.0')).toBe(1)
  expect(readStoreNumber('\u200e001')).toBe(1)
  for (const cell of ['', 'x1', '-1', '1.5', '12345678901'])
    expect(readStoreNumber(cell)).toBeNull()
})
