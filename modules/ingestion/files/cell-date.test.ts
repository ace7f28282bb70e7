import { expect, test } from 'bun:test'
import { readDateTime } from './cell-date.ts'

const read = (date: string | null, hour: string | null = null, edge: 'start' | 'end' = 'start') => {
  const moment = readDateTime(date, hour, edge)
  return typeof moment === 'number' ? new Date(moment).toISOString() : moment
}
const MIDNIGHT = '2026-08-29T21:00:00.000Z'
const HALF_PAST_NINE = '2026-08-30T06:30:00.000Z'

test.each([
  '2026-08-30',
  '2026/08/30',
  '2026.08.30',
  '2026/8/30',
  '20260830',
  '30/08/2026',
  '30-08-2026',
  '30.08.2026',
  '30/8/2026',
  '\u200f30/08/2026',
])('the day %j', (text) => {
  expect(read(text)).toBe(MIDNIGHT)
  expect(read(text, null, 'end')).toBe('2026-08-30T20:59:59.000Z')
  expect(read(text, '09:30')).toBe(HALF_PAST_NINE)
  expect(read(`${text} 09:30`)).toBe(HALF_PAST_NINE)
})

test.each([
  '2026-08-30T09:30:00.000',
  '2026/08/30 09:30:00',
  '2026-08-30T09:30',
  '2026-08-30 0930',
  '20260830 093000',
  '30/08/2026 9:30:00 AM',
  '30/08/2026  9:30',
  '2026-08-30T09:30:00+03:00',
  '2026-08-30T06:30:00Z',
  '2026-08-30T06:30:00.000Z',
  '2026-08-30T08:30:00+0200',
])('the moment %j', (text) => {
  expect(read(text)).toBe(HALF_PAST_NINE)
})

test.each([
  '09:30',
  '9:30',
  '09:30:00',
  '0930',
  '093000',
  '09:30:00.000',
  '0001-01-01T09:30:00',
  '9:30 am',
])('the hour %j', (hour) => {
  expect(read('2026-08-30', hour)).toBe(HALF_PAST_NINE)
})

test('a time of zeros is midnight, and a separate time cell overrides the time in the date cell', () => {
  for (const hour of ['0000', '00:00', '00:00:00', '000000'])
    expect(read('2026-08-30', hour)).toBe(MIDNIGHT)
  expect(read('2026-08-30T00:00:00.000', '09:30')).toBe(HALF_PAST_NINE)
  expect(read('2026-08-29T21:00:00Z', '09:30')).toBe(HALF_PAST_NINE)
  expect(read('2026-08-30', '24:00')).toBe('2026-08-30T21:00:00.000Z')
})

test.each([
  null,
  '',
  '0',
  '0000',
  '00000000',
  '0000-00-00',
  '00/00/0000',
  '0001-01-01',
  '01/01/0001 00:00:00',
  '0001-01-01T00:00:00Z',
])('%j is no date', (text) => {
  expect(read(text)).toBeNull()
})

test.each([
  ['30/08/26', 'ambiguous'],
  ['26-08-30', 'ambiguous'],
  ['08.09.26 10:00', 'ambiguous'],
  ['08/30/2026', 'ambiguous'],
  ['2026-13-01', 'unreadable'],
  ['31/09/2026', 'unreadable'],
  ['2026-08/30', 'unreadable'],
  ['46264', 'unreadable'],
  ['מחר', 'unreadable'],
  ['2026-08-30 25:00', 'unreadable'],
  ['2026-08-30 13:00 PM', 'unreadable'],
])('%j is refused: %s', (text, fault) => {
  expect(read(text)).toBe(fault as 'ambiguous')
})

test('an unreadable time is an error', () => {
  for (const hour of ['חצות', '25:00', '9', '09:60'])
    expect(read('2026-08-30', hour)).toBe('unreadable')
})
