import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseString } from 'fast-csv'
import { writeSample } from '../../../../scripts/sample/generate.ts'
import { readText } from '../../files/cell-text.ts'
import { KEY_COLUMNS } from '../../files/masking.ts'
import { openVersion } from '../../files/versions.ts'
import { type FileProfile, profileFile, profileVersion } from './profile.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'super-zol-profile-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function profileText(text: string): Promise<FileProfile> {
  const bytes = Buffer.from(text)
  const open = async function* () {
    yield bytes
  }
  return profileFile({ name: 'price_full_file_x.csv', bytes: bytes.length, open })
}

const column = ({ columns }: FileProfile, name: string) =>
  columns.find((one) => one.column === name)

test('a profile has the statistics of each column with masking undone', async () => {
  const profile = await profileText(
    [
      'found_folder,File_Name,itemcode,itemname,itemprice,updated,extra',
      "dumps/x,A,7290000000123,חלב,5.90,2026-08-09 03:00,''",
      ',,12,,12.5,2026-08-11,',
      ',,,NO_BODY,,,,a row too long',
      ",,13,'',unknown,,",
      'dumps/x,B,14,"לחם, שחור",1e3,01/01/2020,',
      '',
    ].join('\r\n'),
  )
  expect(profile).toMatchObject({
    masking: 'all',
    rows: 5,
    source_files: 2,
    unreadable_rows: 1,
    error: null,
  })
  expect(profile.columns.map((one) => one.column)).toEqual(
    'found_folder file_name itemcode itemname itemprice updated extra'.split(' '),
  )
  expect(column(profile, 'itemcode')).toEqual({
    column: 'itemcode',
    nulls: 0,
    null_share: 0,
    distinct: 4,
    distinct_exact: true,
    numbers: 4,
    dates: 0,
    texts: 0,
    number_range: [12, 7290000000123],
    date_range: null,
    length_range: [2, 13],
    samples: expect.arrayContaining(['7290000000123', '12', '13', '14']),
  })
  // inherited by the second row, marked empty on the third
  expect(column(profile, 'itemname')).toMatchObject({
    nulls: 1,
    distinct: 2,
    texts: 3,
    length_range: [3, 9],
  })
  expect(column(profile, 'itemprice')).toMatchObject({
    nulls: 1,
    numbers: 2,
    texts: 1,
    number_range: [5.9, 12.5],
  })
  expect(column(profile, 'updated')).toMatchObject({
    dates: 4,
    date_range: ['2020-01-01', '2026-08-11'],
  })
  expect(column(profile, 'extra')).toMatchObject({
    nulls: 4,
    null_share: 1,
    distinct: 0,
    length_range: null,
    samples: [],
  })
})

test('a source file inherits nothing from the one before it in a profile', async () => {
  const profile = await profileText(
    "found_folder,file_name,itemcode,itemname\nf,A,1,חלב\nf,B-202605010300,2\n,,3,\nf,C,4,''\n",
  )
  expect(profile).toMatchObject({ rows: 4, unreadable_rows: 1, source_files: 3 })
  expect(column(profile, 'itemname')).toMatchObject({ nulls: 2, texts: 1 })
})

test('with ambiguous empty cells only the key columns inherit the row above', async () => {
  const profile = await profileText(
    'found_folder,file_name,itemcode,itemname\nf,A,1,\n,,2,חלב\n,,3,\n',
  )
  expect(profile.masking).toBe('keys')
  expect(column(profile, 'itemname')).toMatchObject({ nulls: 2, texts: 1 })
  expect(column(profile, 'file_name')).toMatchObject({ nulls: 0, texts: 3 })
})

test('a file that is not a dataset file has an error in its profile', async () => {
  expect((await profileText('')).error).toBe('Cannot read the file: it is empty')
  expect((await profileText('a,b\n1,2\n')).error).toBe(
    'Cannot read a dataset file without the column file_name',
  )
})

test('the profile of the sample equals that of a simple reader', async () => {
  const [, path = ''] = await writeSample(folder, { days: 2, stores: 12, products: 200 })
  const version = await openVersion(path)
  const { files } = await profileVersion(version, () => {})
  version.close()
  expect(files.length).toBeGreaterThan(15)
  for (const file of files) {
    const naive = await readNaively(await readFile(join(path, file.file), 'utf8'), file.masking)
    expect([file.file, file.rows]).toEqual([file.file, naive.rows])
    for (const column of file.columns) {
      const values = naive.values.get(column.column) ?? []
      const presentValues = values.filter((value) => readText(value) !== null)
      const numbers = presentValues.filter((value) => /^-?\d+(\.\d+)?$/.test(value)).map(Number)
      const lengths = presentValues.map((value) => [...value].length)
      expect({ file: file.file, ...column }).toMatchObject({
        file: file.file,
        nulls: values.length - presentValues.length,
        distinct: new Set(presentValues).size,
        numbers: numbers.length,
        number_range: numbers.length === 0 ? null : [min(numbers), max(numbers)],
        length_range: lengths.length === 0 ? null : [min(lengths), max(lengths)],
      })
      for (const sample of column.samples) {
        expect(
          presentValues.some((value) =>
            value.replace(/\s+/g, ' ').startsWith(sample.replace(/…$/, '')),
          ),
        ).toBe(true)
      }
    }
  }
})

const min = (numbers: number[]) => numbers.reduce((a, b) => Math.min(a, b))
const max = (numbers: number[]) => numbers.reduce((a, b) => Math.max(a, b))

/** All cells by column, with empty cells filled from the row above. */
async function readNaively(text: string, masking: 'all' | 'keys' | null) {
  const values = new Map<string, string[]>()
  let above: Record<string, string> = {}
  let rows = 0
  await new Promise((resolve, reject) => {
    parseString<Record<string, string>, Record<string, string>>(text, { headers: true })
      .on('data', (row: Record<string, string>) => {
        if (row.file_name !== '') above = {}
        rows++
        for (const [name, cell] of Object.entries(row)) {
          const carried = masking === 'all' || KEY_COLUMNS.includes(name)
          const value = cell === "''" ? '' : cell === '' && carried ? (above[name] ?? '') : cell
          above[name] = value
          const column = values.get(name)
          if (column === undefined) values.set(name, [value])
          else column.push(value)
        }
      })
      .on('error', reject)
      .on('end', resolve)
  })
  return { rows, values }
}
