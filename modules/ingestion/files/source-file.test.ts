import { expect, test } from 'bun:test'
import { readChainId, readCsvName, readMoment, readStoreNumber, readText } from './source-file.ts'

const at = (moment: number | null) => (moment === null ? null : new Date(moment).toISOString())

test('names of CSVs, with and without a date', () => {
  expect(readCsvName('price_full_file_rami_levy.csv')).toEqual({
    family: 'price_full',
    slug: 'rami_levy',
  })
  expect(readCsvName('price_file_victory_new_source.csv')).toEqual({
    family: 'price',
    slug: 'victory_new_source',
  })
  expect(readCsvName('store_file_shufersal_20250804.csv')).toEqual({
    family: 'store',
    slug: 'shufersal',
  })
  expect(readCsvName('promo_full_file_a.csv')).toEqual({ family: 'promo_full', slug: 'a' })
  for (const other of [
    'index.json',
    'rami_levy_price_full_file.json',
    'Price_file_x.csv',
    'price_file_.csv',
  ]) {
    expect(readCsvName(other)).toBeNull()
  }
})

test('the moment in a file name is Israel local time', () => {
  expect(at(readMoment('PriceFull7290058140886-001-202602170010'))).toBe('2026-02-16T22:10:00.000Z')
  expect(at(readMoment('PriceFull7290027600007-001-206-20250327-043907.gz.xml'))).toBe(
    '2025-03-27T02:39:07.000Z',
  )
  expect(at(readMoment('NULLPrice7290058108879-028-202410261441.xml'))).toBe(
    '2024-10-26T11:41:00.000Z',
  )
  expect(at(readMoment('PriceFull7290803800003-004-20260809030059.xml'))).toBe(
    '2026-08-09T00:00:59.000Z',
  )
})

test('a name without a readable moment has none', () => {
  for (const name of [
    'PriceFull7290058140886-001.xml',
    'PriceFull7290058140886-001-202613170010',
    'x-202602310010',
    '',
  ]) {
    expect(readMoment(name)).toBeNull()
  }
})

test('chain ids that are cut short are made whole', () => {
  expect(readChainId('72906390')).toBe('7290639000004')
  expect(readChainId('72906')).toBe('7290696200003')
  expect(readChainId('72908')).toBe('7290875100001')
  expect(readChainId(' 7290058140886 ')).toBe('7290058140886')
  expect(readChainId('שופרסל')).toBeNull()
})

test('store numbers are compared as numbers', () => {
  expect(readStoreNumber('001')).toBe(1)
  expect(readStoreNumber('1')).toBe(1)
  expect(readStoreNumber('0')).toBe(0)
  for (const cell of ['', 'x1', '-1', '1.0', '12345678901'])
    expect(readStoreNumber(cell)).toBeNull()
})

test('words for nothing', () => {
  for (const cell of ['', "''", 'unknown', 'Unknown ', 'לא ידוע', 'NO_BODY', null])
    expect(readText(cell)).toBeNull()
  expect(readText('  שתי   מילים\n')).toBe('שתי מילים')
  expect(readText('0')).toBe('0')
})
