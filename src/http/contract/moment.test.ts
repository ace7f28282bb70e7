import { expect, test } from 'bun:test'
import { readMoment } from './moment.ts'

const at = (text: string, edge: 'start' | 'end' = 'start') =>
  readMoment('from', text, edge).toISOString()

test('a timestamp without an offset is Israel time, in summer and in winter', () => {
  expect(at('2026-08-20T03:00:00')).toBe('2026-08-20T00:00:00.000Z')
  expect(at('2026-08-20 03:00')).toBe('2026-08-20T00:00:00.000Z')
  expect(at('2026-01-20T03:00:00.250')).toBe('2026-01-20T01:00:00.250Z')
})

test('an offset overrides Israel time, also when its plus sign became a space', () => {
  expect(at('2026-08-20T03:00:00+03:00')).toBe('2026-08-20T00:00:00.000Z')
  expect(at('2026-08-20T03:00:00 03:00')).toBe('2026-08-20T00:00:00.000Z')
  expect(at('2026-08-20T03:00:00-05:30')).toBe('2026-08-20T08:30:00.000Z')
  expect(at('2026-08-20T03:00:00Z')).toBe('2026-08-20T03:00:00.000Z')
})

test('a date is a whole day in Israel, also on days when the clock changes', () => {
  expect([at('2026-08-20'), at('2026-08-20', 'end')]).toEqual([
    '2026-08-19T21:00:00.000Z',
    '2026-08-20T21:00:00.000Z',
  ])
  expect([at('2026-03-27'), at('2026-03-27', 'end')]).toEqual([
    '2026-03-26T22:00:00.000Z',
    '2026-03-27T21:00:00.000Z',
  ])
  expect(at('2026-12-31', 'end')).toBe('2026-12-31T22:00:00.000Z')
})

test('an invalid timestamp is refused with the name of its field', () => {
  for (const text of [
    '',
    'x',
    '2026',
    '2026-02-30',
    '2026-02-29',
    '2026-04-31',
    '1999-01-01',
    '2026-08-20\n',
    '2026-08-20T03:00:00+15:00',
    '2026-13-01',
    '2026-00-10',
    '2026-08-20T24:00',
    '2026-08-20T03',
    '20/08/2026',
    '2026-08-20T03:00:00+3',
  ]) {
    expect(() => at(text)).toThrow('from must be a date or a moment')
  }
})

test('only existing calendar days are accepted', () => {
  for (let at = Date.UTC(2000, 0, 1); at < Date.UTC(2100, 0, 1); at += 86_400_000) {
    const day = new Date(at).toISOString().slice(0, 10)
    expect(() => readMoment('from', day, 'start')).not.toThrow()
  }
  for (const day of ['2000-02-30', '2004-02-30', '2100-01-01', '2001-02-29', '2098-02-29'])
    expect(() => readMoment('from', day, 'start')).toThrow()
})
