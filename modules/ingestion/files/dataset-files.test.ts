import { expect, test } from 'bun:test'
import { datasetFiles } from './dataset-files.ts'

const find = (...names: string[]) => {
  const { csvs, leftovers } = datasetFiles(names.map((name) => ({ name })))
  return { read: csvs.map(({ file, name }) => `${file.name} ${name.slug}`), leftovers }
}

test.each([
  'price_full_file_x_temp.csv',
  'price_full_file_x_tmp.csv',
  'price_full_file_x.tmp.csv',
  'price_full_file_x_part2.csv',
  'price_full_file_x_backup.csv',
  'price_full_file_x (1).csv',
  'price_full_file_x - Copy.csv',
  'price_full_file_x_temp_20260501.csv',
])('%s is skipped beside its complete file, and read without it', (leftover) => {
  const complete = 'price_full_file_x.csv'
  expect(find(complete, leftover)).toEqual({ read: [`${complete} x`], leftovers: [leftover] })
  expect(find(leftover)).toEqual({ read: [`${leftover} x`], leftovers: [] })
})

test('a chain slug that resembles a leftover suffix is not a leftover', () => {
  for (const name of ['price_file_tempo.csv', 'price_file_old.csv', 'promo_file_x_new_source.csv'])
    expect(find(name, 'price_file_x.csv', 'promo_file_x.csv').leftovers).toEqual([])
})

test('a complete file of another family does not make a file a leftover', () => {
  expect(find('price_file_x.csv', 'price_full_file_x_temp.csv').leftovers).toEqual([])
})
