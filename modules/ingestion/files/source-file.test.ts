import { expect, test } from 'bun:test'
import { readCsvName } from './source-file.ts'

test('the family and slug are read from CSV names with and without a date', () => {
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
