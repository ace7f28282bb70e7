import { expect, test } from 'bun:test'
import { unitPrice } from './unit-price.ts'

function of(
  agorot: number,
  unitOfMeasure: string | null,
  unitQuantity: string | null,
  isWeighted = false,
) {
  return unitPrice(agorot, { unitOfMeasure, unitQuantity, isWeighted })
}

test('each unit of measure has its reference quantity', () => {
  expect(of(650, 'liter', '1')).toEqual({ agorot: 650, per: 'liter' })
  expect(of(650, 'gram', '250')).toEqual({ agorot: 260, per: '100g' })
  expect(of(1990, 'kilogram', '1.5')).toEqual({ agorot: 1327, per: 'kg' })
  expect(of(450, 'milliliter', '330')).toEqual({ agorot: 136, per: '100ml' })
  expect(of(2390, 'unit', '12')).toEqual({ agorot: 199, per: 'unit' })
  expect(of(500, 'meter', '30')).toEqual({ agorot: 17, per: 'meter' })
})

test('the unit price is rounded half up to agorot', () => {
  expect(of(1, 'unit', '2')).toEqual({ agorot: 1, per: 'unit' })
  expect(of(5, 'unit', '2')).toEqual({ agorot: 3, per: 'unit' })
  expect(of(1, 'unit', '2.000000001')).toEqual({ agorot: 0, per: 'unit' })
  expect(of(115, 'liter', '1.0')).toEqual({ agorot: 115, per: 'liter' })
  expect(of(1005, 'gram', '1000')).toEqual({ agorot: 101, per: '100g' })
})

test('goods sold by weight are priced by the kilogram, whatever their unit of measure', () => {
  expect(of(3990, 'gram', '100', true)).toEqual({ agorot: 3990, per: 'kg' })
  expect(of(3990, null, null, true)).toEqual({ agorot: 3990, per: 'kg' })
})

test('an invalid or implausible quantity has no unit price', () => {
  for (const quantity of [null, '', '0', '0.000', '-1', 'NaN', '1e3', '0.0001', '12345678901']) {
    expect([quantity, of(650, 'gram', quantity)]).toEqual([quantity, null])
  }
  expect(of(650, 'gram', '1.0')).toBeNull()
  expect(of(650, 'milliliter', '1')).toBeNull()
  expect(of(650, null, '1')).toBeNull()
  expect(of(650, 'ounce', '1')).toBeNull()
  expect(of(650, 'constructor', '1')).toBeNull()
})
