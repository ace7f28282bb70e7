import { expect, test } from 'bun:test'
import type { Promotion } from '../terms/promotion.ts'
import { promotionOf } from '../testing/promotions.ts'
import type { PricedBasket, Shopper } from './basket.ts'
import { priceBasket } from './price-basket.ts'

/** The shelf prices, in agorot per unit or per kilogram. */
const SHELF = {
  pasta: { id: 1, agorot: 590, isWeighted: false },
  yoghurt: { id: 2, agorot: 450, isWeighted: false },
  fruitYoghurt: { id: 3, agorot: 520, isWeighted: false },
  plainYoghurt: { id: 4, agorot: 390, isWeighted: false },
  tomatoes: { id: 5, agorot: 790, isWeighted: true },
  thighs: { id: 6, agorot: 3990, isWeighted: true },
  drumsticks: { id: 7, agorot: 3490, isWeighted: true },
  shampoo: { id: 8, agorot: 1990, isWeighted: false },
  cream: { id: 9, agorot: 2490, isWeighted: false },
  soap: { id: 10, agorot: 1290, isWeighted: false },
  sponge: { id: 11, agorot: 990, isWeighted: false },
  oil: { id: 12, agorot: 3490, isWeighted: false },
  cola: { id: 13, agorot: 790, isWeighted: false },
  bread: { id: 14, agorot: 800, isWeighted: false },
} as const
type Name = keyof typeof SHELF

/** Builds basket lines from quantities in units or kilograms. */
function pay(
  basket: Partial<Record<Name, number>>,
  promotions: Promotion[],
  shopper: Partial<Shopper> = {},
) {
  const names = Object.keys(basket) as Name[]
  const lines = names.map((name) => ({
    productId: SHELF[name].id,
    quantity: Math.round((basket[name] as number) * 1000),
  }))
  const prices = new Map(
    Object.values(SHELF).map(({ id, agorot, isWeighted }) => [id, { agorot, isWeighted }]),
  )
  return priceBasket(lines, prices, promotions, {
    day: '2026-03-10',
    clubs: [],
    coupons: [],
    ...shopper,
  })
}

function on(...names: Name[]): number[] {
  return names.map((name) => SHELF[name].id)
}

function line({ lines }: PricedBasket, name: Name) {
  return lines.find(({ productId }) => productId === SHELF[name].id)
}

test('a bundle: pasta, 2 for 10.00', () => {
  const promotion = promotionOf({
    kind: 'bundle_price',
    quantity: 2000,
    agorot: 1000,
    productIds: on('pasta'),
  })
  const receipt = pay({ pasta: 3 }, [promotion])
  // pasta      3 × 5.90     17.70
  //   2 for 10.00           −1.80   (2 × 5.90 = 11.80)
  expect(receipt.agorot).toBe(1590)
  expect(receipt.promotions).toEqual([{ id: 1, times: 1, quantity: 2000, savedAgorot: 180 }])
  // 4 units are two bundles
  expect(pay({ pasta: 4 }, [promotion]).agorot).toBe(2000)
})

test('a mixed bundle: any 4 yoghurts for 16.00', () => {
  const yoghurts = on('yoghurt', 'fruitYoghurt', 'plainYoghurt')
  const promotion = promotionOf({
    kind: 'bundle_price',
    quantity: 4000,
    agorot: 1600,
    productIds: yoghurts,
  })
  const receipt = pay({ yoghurt: 2, fruitYoghurt: 2, plainYoghurt: 1 }, [promotion])
  // yoghurt          2 × 4.50    9.00
  // fruit yoghurt    2 × 5.20   10.40
  // plain yoghurt    1 × 3.90    3.90   the cheapest unit gets no discount
  //   4 for 16.00               −3.40   (9.00 + 10.40 = 19.40), of which 3.40 × 9.00/19.40 = 1.58
  // on the yoghurt
  expect(receipt.agorot).toBe(1990)
  expect(line(receipt, 'fruitYoghurt')).toMatchObject({
    agorot: 858,
    promotions: [{ quantity: 2000, savedAgorot: 182 }],
  })
  expect(line(receipt, 'yoghurt')).toMatchObject({
    agorot: 742,
    promotions: [{ quantity: 2000, savedAgorot: 158 }],
  })
  expect(line(receipt, 'plainYoghurt')).toMatchObject({ agorot: 390, promotions: [] })
})

test('a price by weight: tomatoes at 4.90 a kilogram', () => {
  const promotion = promotionOf({
    kind: 'price_per_kg',
    quantity: 10,
    agorot: 490,
    productIds: on('tomatoes'),
  })
  const receipt = pay({ tomatoes: 1.35 }, [promotion])
  // tomatoes   1.350 kg × 7.90   10.67   (10.665)
  //   4.90 a kilogram            −4.05   1.350 × 4.90 = 6.615, rounded half up to 6.62
  expect(receipt.shelfAgorot).toBe(1067)
  expect(receipt.agorot).toBe(662)
})

test('a price by weight from 1.9 kilograms of any mix: thighs and drumsticks, 2 kilograms for 60.00', () => {
  const chicken = on('thighs', 'drumsticks')
  const promotion = promotionOf({
    kind: 'price_per_kg',
    quantity: 1900,
    agorot: 3000,
    productIds: chicken,
  })
  // thighs       1.200 kg × 30.00   36.00
  // drumsticks   0.800 kg × 30.00   24.00
  expect(pay({ thighs: 1.2, drumsticks: 0.8 }, [promotion]).agorot).toBe(6000)
  // 1.8 kg are below the minimum: 1.2 × 39.90 + 0.6 × 34.90
  expect(pay({ thighs: 1.2, drumsticks: 0.6 }, [promotion]).agorot).toBe(4788 + 2094)
})

test('a percentage off: shampoo, 15% from 2 units on', () => {
  const promotion = promotionOf({
    kind: 'percent_off',
    quantity: 2000,
    rate: 1500,
    productIds: on('shampoo'),
  })
  // shampoo   3 × 19.90   59.70
  //   15%                 −8.94   one costs 19.90 × 0.85 = 16.915, rounded 16.92
  expect(pay({ shampoo: 3 }, [promotion]).agorot).toBe(3 * 1692)
  expect(pay({ shampoo: 1 }, [promotion]).agorot).toBe(1990)
})

test('a discount on the n-th unit: the second one at half price', () => {
  const toiletries = on('shampoo', 'cream', 'soap', 'sponge')
  const promotion = promotionOf({
    kind: 'nth_unit',
    quantity: 2000,
    rate: 5000,
    productIds: toiletries,
  })
  const receipt = pay({ shampoo: 1, cream: 1, soap: 1, sponge: 1 }, [promotion])
  // cream 24.90 with shampoo 19.90   44.80 − 9.95
  // soap  12.90 with sponge   9.90   22.80 − 4.95
  // (pairing cream with sponge and shampoo with soap would save only 4.95 + 6.45)
  expect(receipt.agorot).toBe(6760 - 995 - 495)
  expect(receipt.promotions).toEqual([{ id: 1, times: 2, quantity: 4000, savedAgorot: 1490 }])
  expect(line(receipt, 'sponge')).toMatchObject({ agorot: 495 })
  expect(line(receipt, 'cream')).toMatchObject({ agorot: 2490, promotions: [{ savedAgorot: 0 }] })
})

test('a club promotion: 1+1 on soap for members', () => {
  const promotion = promotionOf({
    kind: 'nth_unit',
    quantity: 2000,
    rate: 10_000,
    clubs: ['2', '7'],
    productIds: on('soap'),
  })
  // soap   3 × 12.90   38.70
  //   1+1             −12.90   the third unit has no pair
  expect(pay({ soap: 3 }, [promotion], { clubs: ['7'] }).agorot).toBe(2580)
  expect(pay({ soap: 3 }, [promotion], { clubs: ['3'] }).agorot).toBe(3870)
  expect(pay({ soap: 3 }, [promotion]).agorot).toBe(3870)
})

test('a coupon promotion: 10.00 off one bottle of oil', () => {
  const promotion = promotionOf({
    kind: 'amount_off',
    agorot: 1000,
    maxQuantity: 1000,
    coupon: true,
    productIds: on('oil', 'sponge'),
  })
  // oil      2 × 34.90   69.80
  // sponge   1 ×  9.90    9.90   costs less than the coupon
  //   coupon            −10.00   once
  const basket = { oil: 2, sponge: 1 }
  expect(pay(basket, [promotion], { coupons: [1] }).agorot).toBe(6970)
  expect(pay(basket, [promotion], { coupons: true }).agorot).toBe(6970)
  expect(pay(basket, [promotion], { coupons: [2] }).agorot).toBe(7970)
})

test('a limit on units: shampoo at 9.90, 2 per customer', () => {
  const promotion = promotionOf({
    kind: 'bundle_price',
    agorot: 990,
    maxQuantity: 2000,
    productIds: on('shampoo'),
  })
  const receipt = pay({ shampoo: 5 }, [promotion])
  // shampoo   2 × 9.90    19.80
  // shampoo   3 × 19.90   59.70
  expect(receipt.agorot).toBe(7950)
  expect(receipt.promotions).toEqual([{ id: 1, times: 2, quantity: 2000, savedAgorot: 2000 }])
})

test('a limit on weight: tomatoes at 2.90, up to 3 kilograms', () => {
  const promotion = promotionOf({
    kind: 'price_per_kg',
    quantity: 10,
    agorot: 290,
    maxQuantity: 3000,
    productIds: on('tomatoes'),
  })
  // tomatoes   3.000 kg × 2.90    8.70
  // tomatoes   1.250 kg × 7.90    9.88   (9.875)
  expect(pay({ tomatoes: 4.25 }, [promotion]).agorot).toBe(1858)
})

test('a basket minimum: pasta at 1.90 with other purchases of at least 30.00', () => {
  const promotion = promotionOf({
    kind: 'bundle_price',
    agorot: 190,
    minBasketAgorot: 3000,
    productIds: on('pasta'),
  })
  // pasta   2 × 1.90    3.80
  // oil     1 × 34.90  34.90   the other goods reach 30.00
  expect(pay({ pasta: 2, oil: 1 }, [promotion]).agorot).toBe(380 + 3490)
  // 8.00 + 6 × 5.90 = 43.40, but the other goods cost only 8.00
  expect(pay({ pasta: 6, bread: 1 }, [promotion]).agorot).toBe(800 + 6 * 590)
})

test('two competing promotions: cola, 2 for 12.00 or 3 for 16.90', () => {
  const two = promotionOf({
    id: 2,
    kind: 'bundle_price',
    quantity: 2000,
    agorot: 1200,
    productIds: on('cola'),
  })
  const three = promotionOf({
    id: 3,
    kind: 'bundle_price',
    quantity: 3000,
    agorot: 1690,
    productIds: on('cola'),
  })
  const cost = (cola: number) => pay({ cola }, [two, three]).agorot
  expect(cost(3)).toBe(1690) // 3 for 16.90, not 12.00 + 7.90
  expect(cost(4)).toBe(2400) // 12.00 twice, not 16.90 + 7.90
  expect(cost(5)).toBe(2890) // 12.00 + 16.90
  expect(cost(7)).toBe(4090) // 12.00 twice + 16.90
})

test('a product without a price is missing, and a promotion that cannot be computed is reported', () => {
  const gift = promotionOf({
    id: 4,
    kind: 'gift',
    notComputable: 'a gift',
    productIds: on('oil', 'cola'),
  })
  const weight = promotionOf({
    id: 5,
    kind: 'price_per_kg',
    quantity: 1900,
    agorot: 3000,
    weightUnsettled: true,
    productIds: on('thighs'),
  })
  const receipt = pay({ oil: 1, thighs: 2 }, [weight, gift])
  expect(receipt.agorot).toBe(3490 + 7980)
  expect(receipt.notComputed).toEqual([
    { id: 4, reason: 'a gift', productIds: on('oil') },
    { id: 5, reason: 'the weight that its price is for is not settled', productIds: on('thighs') },
  ])
  // with the rate that the chain states, 24.8% off, it is a price per kilogram: 2 × 30.00
  expect(pay({ thighs: 2 }, [{ ...weight, rate: 2480 }]).agorot).toBe(6000)
  const absent = priceBasket([{ productId: 99, quantity: 1000 }], new Map(), [], {
    day: '2026-03-10',
    clubs: [],
    coupons: [],
  })
  expect(absent).toMatchObject({
    agorot: 0,
    lines: [],
    missing: [{ productId: 99, quantity: 1000 }],
  })
})

test('an invalid quantity or day throws an error', () => {
  expect(() => pay({ oil: 0 }, [])).toThrow('Cannot price a basket: 0 of product 12 is no quantity')
  expect(() => pay({ oil: 1 }, [], { day: 'today' })).toThrow(
    'Cannot price a basket: today is not a day',
  )
})
