import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { csvFile, maskBlock } from './masking.ts'

const cell = fc.constantFrom('', '0', 'חלב', '7.90')
const block = fc.array(fc.array(cell, { minLength: 9, maxLength: 9 }), {
  minLength: 1,
  maxLength: 8,
})

/** A plain reader of masked rows. */
function fillDown(rows: string[][], columns: number): string[][] {
  const filled: string[][] = []
  for (const row of rows) {
    const above = filled.at(-1)
    filled.push(row.map((text, at) => (text === '' && at < columns ? (above?.[at] ?? '') : text)))
  }
  return filled
}

describe('maskBlock', () => {
  test('the new form: an empty cell repeats the row above, two quotes are empty', () => {
    fc.assert(
      fc.property(block, (rows) => {
        const read = fillDown(maskBlock(rows, 'new'), 9).map((row) =>
          row.map((text) => (text === "''" ? '' : text)),
        )
        expect(read).toEqual(rows)
      }),
    )
  })

  test('the old form masks six columns and leaves every other empty cell empty', () => {
    fc.assert(
      fc.property(block, (rows) => {
        const full = rows.map((row) => [
          ...row.slice(0, 6).map((text) => text || 'x'),
          ...row.slice(6),
        ])
        const masked = maskBlock(full, 'old')
        expect(fillDown(masked, 6)).toEqual(full)
        expect(masked.flat()).not.toContain("''")
      }),
    )
  })

  test('a row equal to the one above is commas only', () => {
    const text = csvFile(
      ['a', 'b'],
      [
        [
          ['1', '2'],
          ['1', '2'],
        ],
      ],
      { form: 'new', mixedLineEnds: false },
    )
    expect(text).toBe('a,b\n1,2\n,\n')
  })
})

test('each block is masked alone; quotes, commas and line breaks are quoted', () => {
  const blocks = [[['1', 'ק"ג']], [['1', 'a,b']], [['1', 'a\nb']]]
  const text = csvFile(['n', 'text'], blocks, { form: 'new', mixedLineEnds: true })
  expect(text).toBe('n,text\r\n1,"ק""ג"\r\n1,"a,b"\n1,"a\nb"\n')
})
