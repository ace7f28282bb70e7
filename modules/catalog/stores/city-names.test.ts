import { describe, expect, test } from 'bun:test'
import { cityKey, settlementFinder } from './city-names.ts'

test.each<string[]>([
  ['תל אביב - יפו', 'תל-אביב-יפו', 'תל אביב–יפו', 'תל אביב יפו '],
  ['תל אביב', 'ת"א', 'ת״א', "ת''א", 'תל־אביב'],
  ['קרית ביאליק', 'קריית ביאליק', 'קריית-ביאליק', 'קִרְיַת בְּיָאלִיק'],
  ['פתח תקווה', 'פתח-תקוה', 'פ"ת'],
  ['ראשון לציון', 'ראשוןלציון', 'ראשל"צ'],
  ['טירת כרמל', 'טירת הכרמל'],
  ["ג'לג'וליה", 'ג׳לג׳וליה', 'גלגוליה'],
])('all spellings of %s have the same key', (name, ...others) => {
  expect(others.map(cityKey)).toEqual(others.map(() => cityKey(name)))
})

test('different cities have different keys', () => {
  const names = [
    'אילת',
    'אילות',
    'צפת',
    'צופית',
    'אופקים',
    'אפיקים',
    'הרצליה',
    'צוקים',
    'צוקי ים',
    'אור יהודה',
  ]
  expect(new Set(names.map(cityKey)).size).toBe(names.length)
})

describe('settlementFinder', () => {
  const find = settlementFinder([
    { code: '5000', name: 'תל אביב - יפו' },
    { code: '1200', name: 'מודיעין-מכבים-רעות' },
    { code: '3797', name: 'מודיעין עילית' },
    { code: '9500', name: 'קרית ביאליק' },
    { code: '63', name: 'כנרת (מושבה)' },
    { code: '57', name: 'כנרת (קבוצה)' },
    { code: '240', name: 'יקנעם עילית' },
    { code: '241', name: 'יקנעם (מושבה)' },
    { code: '963', name: 'אעצם (שבט)' },
    { code: '494', name: 'דאלית אל-כרמל' },
    { code: '3656', name: 'כרמל' },
  ])

  test.each([
    ['תל אביב - יפו', '5000'],
    ['תל אביב', '5000'],
    ['ת"א', '5000'],
    ['יפו', '5000'],
    ['מודיעין', '1200'],
    ['רעות', '1200'],
    ['מודיעין עילית', '3797'],
    ['קריית-ביאליק', '9500'],
    ['כנרת (קבוצה)', '57'],
    ['יקנעם (מושבה)', '241'],
    ['אעצם', '963'],
    ['כרמל', '3656'],
  ])('%s is settlement %s', (name, code) => expect(find(name)).toBe(code))

  test.each(['כנרת', 'יקנעם', 'ביאליק', 'אביב', 'תל', '', '-'])(
    'the name %p is ambiguous or unknown',
    (name) => expect(find(name)).toBeNull(),
  )
})
