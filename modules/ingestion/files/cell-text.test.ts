import { expect, test } from 'bun:test'
import { cellState, stateText, takeCell } from './cell-state.ts'
import { isNoValue, readName, readText } from './cell-text.ts'

const NOTHING = [
  ...['', ' ', "''", 'unknown', 'Unknown ', 'UNKNOWN', 'לא ידוע', '\u200fלא ידוע'],
  ...['NO_BODY', 'no_body', 'No Body', '<NO_BODY/>', 'NO-BODY', 'null', 'NULL', '(null)', '[null]'],
  ...[
    'None',
    'nan',
    'NaN',
    'N/A',
    'n.a.',
    '#N/A',
    '<NA>',
    'NaT',
    'nil',
    'undefined',
    'Not Available',
  ],
  ...[
    '-',
    '--',
    '...',
    '*',
    '.',
    '{}',
    '[]',
    '\u200f',
    '\u00a0',
    'לא מוגדר',
    'ללא',
    'אין',
    'לא רלוונטי',
  ],
]

test.each(NOTHING)('%j is an empty value in any cell', (text) => {
  expect(isNoValue(text)).toBe(true)
  expect(readText(text)).toBeNull()
  expect(readName(text)).toBeNull()
  const bytes = Buffer.from(text)
  const row = { bytes, from: 0, to: bytes.length, cells: 1, line: 1, fault: null }
  const state = cellState(0, false)
  takeCell(state, { ...row, starts: Int32Array.of(0), ends: Int32Array.of(bytes.length) })
  expect([state.empty, state.hash, stateText(state)]).toEqual([true, 0, null])
})

test.each([
  '0',
  '00000',
  'נטול',
  'לא',
  'אינטרנט',
  'Nando',
  'Nanette',
  'Nobody Beer',
  'Nil 500',
  'ללא גלוטן',
  'NA 5',
])('%j is not an empty value', (text) => {
  expect(isNoValue(text)).toBe(false)
  expect(readText(text)).toBe(text)
})

test('incomplete JSON and garbled letters are not empty values', () => {
  for (const text of ['[', '{', '{"', '\uFFFD', '??']) expect(isNoValue(text)).toBe(false)
})

test('texts are normalised to single spaces without invisible characters', () => {
  expect(readText('  שתי   מילים\n')).toBe('שתי מילים')
  expect(readText('\u200fחלב\u200e 3%\u202c')).toBe('חלב 3%')
  expect(readText('ל\0חם')).toBe('לחם')
  expect(readText(null)).toBeNull()
  expect(readText('א'.repeat(5000))).toHaveLength(1000)
})

const hebrew = 'קרטון חלב'
const asLatin1 = new TextDecoder('windows-1252').decode(Buffer.from(hebrew))
test.each([
  ['replacement characters', 'ח\uFFFD\uFFFD 3%'],
  ['question marks', '???? ??? 3%'],
  ['question marks in a few letters', '?????? Bamba 80'],
  ['a unit of question marks', '???¨?? 100'],
  ['UTF-8 that was read as Windows-1252', asLatin1],
  ['Windows-1255 that was read as Latin-1', 'çìá úðåáä'],
  ['code page 862 that was read as Latin-1', '\u0087\u008c\u0081'],
])('%s is not a valid name', (_, text) => {
  expect(readName(text)).toBeNull()
})

test.each(['Crème brûlée', 'מה?', 'חלב!? 3%', 'Café', '3×50 גרם', 'Löwenbräu', 'מבצע??'])(
  '%j is a name',
  (text) => {
    expect(readName(text)).toBe(text)
  },
)
