import { expect, test } from 'bun:test'
import { type AmountEvidence, isLargeUnit, settleAmount, weighAmount } from './settle-amount.ts'

type Unit = Parameters<typeof settleAmount>[0]['unit']
const settle = (
  unit: Unit,
  quantity: string | null,
  name: string | null = null,
  evidence: AmountEvidence = null,
) => {
  const amount = settleAmount({ unit, quantity }, { name, evidence })
  return `${amount.unit} ${amount.quantity}`
}

test.each([
  ['kilogram', '155', 'ביסקוויט 155 גרם', 'gram 155'],
  ['liter', '750', 'נוזל כלים 750 מל', 'milliliter 750'],
  ['liter', '400', 'קורנפלקס 400 גרם', 'gram 400'],
  ['kilogram', '330', 'בירה 330 מ"ל', 'milliliter 330'],
  ['milliliter', '1.5', 'מים 1.5 ליטר', 'liter 1.5'],
  ['gram', '2', 'פחם 2 ק"ג', 'kilogram 2'],
  ['liter', '2', 'מים 2 ליטר', 'liter 2'],
  ['kilogram', '25', 'מזון כלבים 25 קג', 'kilogram 25'],
  ['kilogram', '50', 'מלט 50 קג', 'kilogram 50'],
  ['gram', '100', 'שוקולד 3 יח', 'gram 100'],
  ['unit', '6', 'מים 6 ליטר', 'unit 6'],
] as const)('%s %s of %j is %s', (unit, quantity, name, amount) => {
  expect(settle(unit, quantity, name)).toBe(amount)
})

test('a name with the same number in several units does not correct the unit', () => {
  expect(settle('kilogram', '100', 'ערכה 100 גרם + 100 מל')).toBe('null null')
})

test('the unit price corrects the unit if the name does not', () => {
  expect(settle('kilogram', '155', 'ביסקוויט', 'small')).toBe('gram 155')
  expect(settle('liter', '750', null, 'small')).toBe('milliliter 750')
  expect(settle('kilogram', '40', 'מזון כלבים', 'same')).toBe('kilogram 40')
})

test('an amount that is too large and cannot be corrected is null, and others are unchanged', () => {
  expect(settle('kilogram', '155', 'ביסקוויט')).toBe('null null')
  expect(settle('liter', '400', null)).toBe('null null')
  expect(settle('kilogram', '25', 'מזון כלבים')).toBe('kilogram 25')
  expect(settle('gram', '700', 'קפה')).toBe('gram 700')
  expect(settle(null, null, 'קפה 200 גרם')).toBe('null null')
})

test.each([
  ['grams, priced by 100', 155, 12.9, 8.32, 'small'],
  ['milliliters, priced by 100', 750, 10.9, 1.45, 'small'],
  ['grams, priced by the kilogram', 500, 10, 20, 'small'],
  ['kilograms, priced by one', 25, 150, 6, 'same'],
  ['grams, priced by one', 155, 12.9, 0.083, null],
  ['a few kilograms', 2, 10, 5, null],
  ['a unit price of another amount', 155, 12.9, 3, null],
  ['no unit price', 155, 12.9, Number.NaN, null],
  ['a unit price of zero', 155, 12.9, 0, null],
  ['no price', 155, 0, 8.32, null],
] as const)('%s', (_, quantity, price, unitPrice, evidence) => {
  expect(weighAmount(quantity, price, unitPrice)).toBe(evidence)
})

test('only amounts in kilograms and litres are corrected', () => {
  for (const text of ['קילוגרם', 'ק"ג', 'ליטר', "ליט'", 'ק ג', '\u200fק"ג'])
    expect(isLargeUnit(text)).toBe(true)
  for (const text of ['גרם', 'מ"ל', 'יחידה', 'לא ידוע', null]) expect(isLargeUnit(text)).toBe(false)
})
