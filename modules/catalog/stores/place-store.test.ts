import { expect, test } from 'bun:test'
import { SETTLEMENTS } from '../reference/settlements.ts'
import { settlementFinder } from './city-names.ts'
import { distanceKm } from './distance.ts'
import { placeStore } from './place-store.ts'

const find = settlementFinder([...SETTLEMENTS.values()])
const nothing = { cityCode: null, city: null, name: null, address: null }

test.each([
  [{ cityCode: '3000', city: 'תל אביב' }, 'city_code', 'ירושלים'],
  [{ city: 'ת"א' }, 'city', 'תל אביב - יפו'],
  [{ city: 'תל אביב-יפו' }, 'city', 'תל אביב - יפו'],
  [{ city: 'ב"ש' }, 'city', 'באר שבע'],
  [{ city: 'שהם' }, 'city', 'שוהם'],
  [{ city: 'קרית חיים', name: 'קרית חיים - שדרות אילת' }, 'city', 'חיפה'],
  [{ city: 'כפר סבא צפון' }, 'city', 'כפר סבא'],
  [{ name: 'סניף באר שבע' }, 'name', 'באר שבע'],
  [{ name: 'מרכז ראשון לציון מערב' }, 'name', 'ראשון לציון'],
  [{ name: 'שלי ירושלים', address: 'תל אביב 3' }, 'name', 'ירושלים'],
  [{ name: 'שדרות' }, 'name', 'שדרות'],
  [{ name: 'סניף הדר', address: 'הירדן 29, רמת גן' }, 'address', 'רמת גן'],
  [{ address: 'רמת גן הירדן 29' }, 'address', 'רמת גן'],
] as const)('%j is placed by its %s in %s', (texts, rule, settlement) => {
  const place = placeStore({ ...nothing, ...texts }, find)
  expect(place?.rule).toBe(rule)
  expect(SETTLEMENTS.get(place?.code ?? '')?.name).toBe(settlement)
})

test.each([
  [{}],
  [{ name: 'סניף שדרות ירושלים' }],
  [{ name: 'רחוב חיפה' }],
  [{ address: 'רחוב' }],
  [{ address: 'אילת 20' }],
  [{ name: 'חיפה ירושלים' }],
  [{ city: 'אזור שאינו יישוב', name: 'סניף אילת' }],
  [{ name: 'קרית אליעז' }],
])('%j names no settlement', (texts) => {
  expect(placeStore({ ...nothing, ...texts }, find)).toBeNull()
})

test('the distance from Tel Aviv to Jerusalem is 54 km, and a point is 0 km from itself', () => {
  const [telAviv, jerusalem] = [
    { latitude: 32.0853, longitude: 34.7818 },
    { latitude: 31.7683, longitude: 35.2137 },
  ]
  expect(distanceKm(telAviv, jerusalem)).toBeCloseTo(53.8, 0)
  expect(distanceKm(telAviv, telAviv)).toBe(0)
})
