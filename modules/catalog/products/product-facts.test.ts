import { expect, test } from 'bun:test'
import { readQuantity, readUnit, settleUnit } from '../text/unit.ts'
import { productKey } from './barcode.ts'
import { type ChainDescription, chooseDescription } from './choose-description.ts'

const CHAIN = '7299100000017'

test.each([
  ['7290000170123', '7290000170123'],
  ['00724133609212', '724133609212'],
  ['12345678', '12345678'],
  ['7290000010000', '7290000010000'],
  ['3000000000000', '3000000000000'],
  ['300000000000', '300000000000'],
  ['30000000', '30000000'],
])('%s is a barcode, which all chains share', (typed, code) => {
  expect(productKey(typed, CHAIN)).toEqual({ code, chainId: null })
})

test.each([
  ['0001234567', '1234567'],
  ['0000000000000', '0'],
  ['AB-12345678', 'AB-12345678'],
  ['7290000000114', '7290000000114'],
  ['07290000009999', '7290000009999'],
  ['2000000000008', '2000000000008'],
  ['2999999999999', '2999999999999'],
  ['0212345678901', '212345678901'],
  ['0499999999999', '499999999999'],
  ['20000004', '20000004'],
  ['29999999', '29999999'],
  ['01234565', '1234565'],
])('%s belongs to its chain', (typed, code) => {
  expect(productKey(typed, CHAIN)).toEqual({ code, chainId: CHAIN })
})

test('an empty code has no product key', () => {
  expect(productKey('  ', CHAIN)).toBeNull()
})

test.each([
  ['גרם', 'gram'],
  ['גרמים', 'gram'],
  ["גר'", 'gram'],
  ['100 גרם', 'gram'],
  ['ק"ג', 'kilogram'],
  ['1 ק"ג', 'kilogram'],
  ['1קילוגרם', 'kilogram'],
  ['קילוגרמים', 'kilogram'],
  ['מ"ל', 'milliliter'],
  ['100 מיליליטר', 'milliliter'],
  ['מיליליטרים', 'milliliter'],
  ['ליטר', 'liter'],
  ['ליטרים', 'liter'],
  ["יח'", 'unit'],
  ['יחידות', 'unit'],
  ['1 יחידה', 'unit'],
  ['מטר', 'meter'],
  ['00000', null],
  ['Unknown ', null],
  ['', null],
  [null, null],
] as const)('the unit %j is %j', (text, unit) => {
  expect(readUnit(text)).toBe(unit)
})

test('quantities are read as plain decimals', () => {
  expect(readQuantity('700.00')).toBe('700')
  expect(readQuantity('1.5')).toBe('1.5')
  for (const text of ['0', '0.00', '-1', 'abc', '', null, '99999999'])
    expect(readQuantity(text)).toBeNull()
})

const describedBy = (
  chainId: string,
  firstObservedAt: number,
  more: Partial<ChainDescription>,
): ChainDescription => ({
  chainId,
  firstObservedAt,
  hash: `${chainId}${firstObservedAt}`,
  name: null,
  manufacturer: null,
  country: null,
  unitOfMeasure: null,
  unitQuantity: null,
  isWeighted: false,
  extra: null,
  ...more,
})

test('the name that most chains use now is chosen, and all names are kept', () => {
  const all = [
    describedBy('1', 1, { name: 'חלב ישן' }),
    describedBy('1', 2, { name: 'חלב 3%' }),
    describedBy('2', 1, { name: 'חלב 3%' }),
    describedBy('3', 9, { name: 'חלב טרי שלוש אחוז' }),
  ]
  const chosen = chooseDescription(all)
  expect(chosen.name).toBe('חלב 3%')
  expect(chosen.names).toEqual(['חלב 3%', 'חלב טרי שלוש אחוז', 'חלב ישן'])
})

test('the choice does not depend on the order of descriptions', () => {
  const all = [
    describedBy('1', 5, {
      name: 'ב',
      manufacturer: 'תנובה',
      unitOfMeasure: 'gram',
      unitQuantity: '500',
      isWeighted: true,
    }),
    describedBy('2', 5, {
      name: 'א',
      manufacturer: 'שטראוס',
      unitOfMeasure: 'kilogram',
      unitQuantity: '0.5',
      isWeighted: true,
    }),
    describedBy('3', 5, {
      name: 'ג ארוך',
      unitOfMeasure: 'gram',
      unitQuantity: null,
      extra: { color: 'red' },
    }),
  ]
  const chosen = chooseDescription(all)
  expect(chosen).toEqual(chooseDescription(all.toReversed()))
  expect(chosen).toMatchObject({ name: 'ג ארוך', isWeighted: true, extra: { color: 'red' } })
})

test('the amount of most chains is chosen, in any spelling', () => {
  const amount = (chainId: string, unitOfMeasure: string, unitQuantity: string) =>
    describedBy(chainId, 1, { unitOfMeasure, unitQuantity })
  const spelled = [
    amount('1', 'liter', '1.5'),
    amount('2', 'milliliter', '1500'),
    amount('3', 'gram', '1500'),
  ]
  expect(chooseDescription(spelled)).toMatchObject({
    unitOfMeasure: 'milliliter',
    unitQuantity: '1500',
  })
  const tied = [amount('1', 'gram', '1'), amount('2', 'gram', '700')]
  expect(chooseDescription(tied)).toMatchObject({ unitOfMeasure: 'gram', unitQuantity: '700' })
})

test('a chain votes with its newest wording that has an amount', () => {
  const all = [
    describedBy('1', 1, { unitOfMeasure: 'liter', unitQuantity: '2' }),
    describedBy('1', 2, { name: 'חלב', unitOfMeasure: 'liter', unitQuantity: null }),
  ]
  expect(chooseDescription(all)).toMatchObject({ unitOfMeasure: 'liter', unitQuantity: '2' })
})

test('a unit price per volume corrects a unit of mass or length', () => {
  expect(settleUnit('kilogram', 'liter')).toBe('liter')
  expect(settleUnit('kilogram', 'milliliter')).toBe('liter')
  expect(settleUnit('gram', 'milliliter')).toBe('milliliter')
  expect(settleUnit('meter', 'milliliter')).toBe('milliliter')
  expect(settleUnit('gram', 'gram')).toBe('gram')
  expect(settleUnit('unit', 'milliliter')).toBe('unit')
  expect(settleUnit(null, 'liter')).toBeNull()
})

test('a truncated name is never chosen, even if most chains use it', () => {
  const cut = 'מלפפון במלח 10-12 בי'
  const whole = 'מלפפון במלח 10-12 בינוני 560 גרם'
  const all = [CHAIN, '7299200000023', '7299300000039'].map(
    (chainId, i): ChainDescription => ({
      ...{ chainId, hash: String(i), firstObservedAt: i, name: i === 1 ? whole : cut },
      ...{ manufacturer: null, country: null, unitOfMeasure: null, unitQuantity: null },
      ...{ isWeighted: false, extra: null },
    }),
  )
  expect(chooseDescription(all)).toMatchObject({ name: whole, names: [cut, whole] })
  expect(chooseDescription(all.toReversed()).name).toBe(whole)
})
