import { expect, test } from 'bun:test'
import { isSourceFileName, readMoment } from './file-moment.ts'

const at = (name: string) => {
  const moment = readMoment(name)
  return moment === null ? null : new Date(moment).toISOString()
}

test('the timestamp in a file name is Israel local time', () => {
  expect(at('PriceFull7290058140886-001-202602170010')).toBe('2026-02-16T22:10:00.000Z')
  expect(at('PriceFull7290027600007-001-206-20250327-043907.gz.xml')).toBe(
    '2025-03-27T02:39:07.000Z',
  )
  expect(at('NULLPrice7290058108879-028-202410261441.xml')).toBe('2024-10-26T11:41:00.000Z')
  expect(at('PriceFull7290803800003-004-20260809030059.xml')).toBe('2026-08-09T00:00:59.000Z')
})

test.each([
  ['no time', 'PriceFull7290058140886-001-20260217', '2026-02-16T22:00:00.000Z'],
  [
    'no time, and a number behind',
    'PromoFull7290058140886-001-20260217-001.xml',
    '2026-02-16T22:00:00.000Z',
  ],
  ['hours alone', 'PriceFull7290058140886-001-2026021709.xml', '2026-02-17T07:00:00.000Z'],
  ['a minute cut short', 'PriceFull7290058140886-001-20260217093.xml', '2026-02-17T07:30:00.000Z'],
  ['seconds cut short', 'PriceFull7290058140886-001-2026021709305', '2026-02-17T07:30:50.000Z'],
  ['dashes', 'PriceFull7290058140886-001-2026-02-17-0930', '2026-02-17T07:30:00.000Z'],
  ['underscores', 'PriceFull7290058140886_001_20260217_093059.xml', '2026-02-17T07:30:59.000Z'],
  ['ISO', 'PriceFull7290058140886-001-2026-02-17T09:30:59.xml', '2026-02-17T07:30:59.000Z'],
])('a timestamp with %s is read as the earliest that the name allows', (_, name, moment) => {
  expect(at(name)).toBe(moment)
})

test('a file name without a readable timestamp gives null', () => {
  for (const name of [
    'PriceFull7290058140886-001.xml',
    'PriceFull7290058140886-001-202613170010',
    'PriceFull7290058140886-001-2026021725',
    'x-202602310010',
    '',
  ]) {
    expect(readMoment(name)).toBeNull()
  }
})

test('a date outside a file name does not make a text a source file name', () => {
  expect(isSourceFileName('PriceFull7290058140886-001-202602170010')).toBe(true)
  for (const text of [
    '2026-02-17 00:10',
    '7290058140886',
    'PriceFull7290058140886',
    'מחיר-20260217',
  ])
    expect(isSourceFileName(text)).toBe(false)
})
