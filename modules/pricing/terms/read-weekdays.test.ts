import { expect, test } from 'bun:test'
import { readWeekdays } from './read-weekdays.ts'

test.each([
  ['1,2,5', [0, 1, 4]],
  ['1-3', [0, 1, 2]],
  ["א', ו'", [0, 5]],
  ['ראשון שבת', [0, 6]],
  ['0000011', [5, 6]],
  ['1-7', null],
  ['1111111', null],
  ['0', null],
  ['', null],
  [null, null],
  ['8', undefined],
  ['5-2', undefined],
  ['כל יום', undefined],
])('the days of the week %p', (text, days) => {
  expect(readWeekdays(text)).toEqual(days as number[])
})
