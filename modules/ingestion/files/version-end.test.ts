import { expect, test } from 'bun:test'
import { lastMomentOf } from './version-end.ts'

const NOW = Date.parse('2026-12-01T10:00:00Z')
const last = (name: string, date: string | null) =>
  new Date(lastMomentOf({ name, date }, NOW)).toISOString()

test("lists may have timestamps up to the end of the day after the version's day", () => {
  expect(last('7', '2026-09-01')).toBe('2026-09-02T20:59:59.999Z')
  expect(last('2026-09-01', null)).toBe('2026-09-02T20:59:59.999Z')
  expect(last('2026-09-01_kaggle', null)).toBe('2026-09-02T20:59:59.999Z')
})

test("the later of the version's two days sets the limit for list timestamps", () => {
  expect(last('2026-09-05', '2026-09-01')).toBe('2026-09-06T20:59:59.999Z')
  expect(last('2026-09-01', '2026-09-05')).toBe('2026-09-06T20:59:59.999Z')
})

test('without a day the current time sets the limit for list timestamps', () => {
  expect(last('mine', null)).toBe('2026-12-02T10:00:00.000Z')
})
