import { expect, test } from 'bun:test'
import { type CellState, cellState } from '../../files/cell-state.ts'
import { characters, formatDateKey, readDateKey, readDecimal } from './value-kind.ts'

function stateOf(text: string): CellState {
  const bytes = Buffer.from(text)
  // bytes left by an earlier, longer cell must not be read
  return {
    ...cellState(0, true),
    bytes: Buffer.concat([bytes, Buffer.from('9-9:9')]),
    length: bytes.length,
    empty: false,
  }
}

test.each([
  ['0', 0],
  ['12.50', 12.5],
  ['-3', -3],
  ['.5', 0.5],
  ['7290058140886', 7290058140886],
  ['000000000000000123', 123],
  ['0.000000000000001', 1e-15],
  ['', Number.NaN],
  ['-', Number.NaN],
  ['.', Number.NaN],
  ['-.', Number.NaN],
  ['1.2.3', Number.NaN],
  ['1,5', Number.NaN],
  ['12 ', Number.NaN],
  ['1234567890123456', Number.NaN],
  ['2026-08-20', Number.NaN],
])('%p is the number %p', (text, number) => {
  expect(readDecimal(stateOf(text))).toBe(number)
})

test.each([
  ['2026-08-20', '2026-08-20'],
  ['2026/08/20', '2026-08-20'],
  ['20/08/2026', '2026-08-20'],
  ['2026-08-20 03:10', '2026-08-20 03:10:00'],
  ['2026-08-20 03:10:07', '2026-08-20 03:10:07'],
  ['2026-08-20T03:10:07.000', '2026-08-20 03:10:07'],
  ['2026-08-20T03:10:07+03:00', '2026-08-20 03:10:07'],
  ['20/08/2026 23:59:00', '2026-08-20 23:59:00'],
  ['01/01/0001 00:00:00', '0001-01-01'],
])('%p is the date %p', (text, date) => {
  expect(formatDateKey(readDateKey(stateOf(text)))).toBe(date)
})

test.each([
  '',
  '2026-08',
  '2026-13-01',
  '2026-00-10',
  '32/01/2026',
  '2026-08-20 24:00',
  '2026-08-20 3:10',
  '2026-08-20x',
  '7290058140886',
  '12:30:00',
  'שלום ועוד',
])('%p is not a date', (text) => {
  expect(readDateKey(stateOf(text))).toBeNaN()
})

test('text lengths are counted in characters', () => {
  expect(characters(stateOf('חלב 3%'))).toBe(6)
  expect(characters(stateOf(''))).toBe(0)
})
