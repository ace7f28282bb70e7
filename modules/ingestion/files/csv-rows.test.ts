import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { cellText, readCsv } from './csv-rows.ts'

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function readAll(
  text: string,
  size = 1 << 16,
): Promise<{ line: number; fault: string | null; cells: string[] }[]> {
  const rows: { line: number; fault: string | null; cells: string[] }[] = []
  await readCsv(inPieces(text, size), {
    onRow(row) {
      const cells = Array.from({ length: row.cells }, (_, i) => cellText(row, i))
      rows.push({ line: row.line, fault: row.fault, cells })
      return undefined
    },
  })
  return rows
}

const cellsOf = async (text: string) => (await readAll(text)).map((row) => row.cells)

test('LF and CRLF may be mixed, and the last line may have no line break', async () => {
  expect(await cellsOf('a,b\r\n1,2\n3,4\r\n5,6')).toEqual([
    ['a', 'b'],
    ['1', '2'],
    ['3', '4'],
    ['5', '6'],
  ])
})

test('a quoted cell may contain commas, line breaks and doubled quotes', async () => {
  const rows = await readAll('a,b\n"x, y","ק""ג\nשתי שורות"\nlast,row\n')
  expect(rows.map((row) => row.cells)).toEqual([
    ['a', 'b'],
    ['x, y', 'ק"ג\nשתי שורות'],
    ['last', 'row'],
  ])
  expect(rows.map((row) => row.line)).toEqual([1, 2, 4])
})

test('a row of only commas counts as a row, and an empty line does not', async () => {
  expect(await cellsOf('a,b,c\n,,\n\n\r\n1,2,3\n')).toEqual([
    ['a', 'b', 'c'],
    ['', '', ''],
    ['1', '2', '3'],
  ])
})

test('a quote inside an unquoted cell is an ordinary character', async () => {
  expect(await cellsOf('a,b\nמ"ל,5" pipe\n')).toEqual([
    ['a', 'b'],
    ['מ"ל', '5" pipe'],
  ])
})

test('an unclosed quote makes only its own line faulty', async () => {
  const rows = await readAll('a,b\n1,2\n3,"open\n5,6\n7,8\n')
  expect(rows.map(({ cells, fault }) => fault ?? cells)).toEqual([
    ['a', 'b'],
    ['1', '2'],
    'a quote that is never closed',
    ['5', '6'],
    ['7', '8'],
  ])
})

test('a quote that closes in a later row makes only its own line faulty', async () => {
  const rows = await readAll('a,b\n3,"open\n5,6\n7,"ok"\n9,10\n')
  expect(rows.map(({ cells, fault, line }) => [line, fault ?? cells])).toEqual([
    [1, ['a', 'b']],
    [2, 'a quote in the wrong place'],
    [3, ['5', '6']],
    [4, ['7', 'ok']],
    [5, ['9', '10']],
  ])
})

test('rows do not depend on the chunk boundaries of the stream', async () => {
  const cell = fc.oneof(
    fc.constantFrom('', "''", 'חלב', 'a,b', 'x"y', 'two\nlines', 'cr\r\nlf', '"'),
    fc.string(),
  )
  const quoted = (text: string) =>
    /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 40 }),
      async (rows, size) => {
        const text = rows.map((row) => `${row.map(quoted).join(',')}\n`).join('')
        expect((await readAll(text, size)).map((row) => row.cells)).toEqual(rows)
      },
    ),
    { numRuns: 300 },
  )
})

test('reading ends when the callback returns stop', async () => {
  let rows = 0
  await readCsv(inPieces('a\n1\n2\n3\n', 2), {
    onRow: () => {
      rows++
      return rows === 2 ? 'stop' : undefined
    },
  })
  expect(rows).toBe(2)
})
