import { expect, test } from 'bun:test'
import { AppError } from '../../../src/http/contract/app-error.ts'
import type { Instance } from './instance.ts'
import { optimizeBasket } from './optimize-basket.ts'
import { createOptimizer } from './worker-pool.ts'

let state = 1
/** A deterministic pseudo-random number below n. */
function below(n: number): number {
  state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
  return Math.floor((state / 0x80000000) * n)
}

/** Random prices everywhere, so that no store dominates another. */
function generateInstance(stores: number): Instance {
  const lines = Array.from({ length: 40 }, (_, i) => ({ productId: i + 1, quantity: 1000 }))
  return {
    lines,
    stores: Array.from({ length: stores }, () => ({
      prices: new Map(
        lines.map(({ productId }) => [productId, { agorot: 500 + below(1000), isWeighted: false }]),
      ),
      promotions: [],
      shopper: { day: '2026-03-10', clubs: [], coupons: [] },
    })),
    maxStores: 3,
    visitAgorot: 0,
  }
}

async function refusal(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error) => (error instanceof AppError ? error.code : error),
  )
}

test('a worker returns the same plans as the main thread without blocking the event loop', async () => {
  const instance = generateInstance(60)
  let turns = 0
  const turning = setInterval(() => turns++, 5)
  expect(await createOptimizer()(instance)).toEqual(optimizeBasket(instance))
  clearInterval(turning)
  expect(turns).toBeGreaterThan(2)
})

test('a basket over the time limit is rejected, and the next one is optimised', async () => {
  const optimize = createOptimizer({ limitMs: 200, workers: 1 })
  const answers = [optimize(generateInstance(1500)), optimize(generateInstance(2))]
  expect(await refusal(answers[0] as Promise<unknown>)).toBe('BASKET_TOO_HARD')
  expect((await answers[1])?.plans).toHaveLength(3)
})

test('baskets queue while workers are busy; a full queue rejects at once', async () => {
  const optimize = createOptimizer({ workers: 1, waiting: 2 })
  const answers = Array.from({ length: 5 }, () => refusal(optimize(generateInstance(3))))
  expect(await Promise.all(answers)).toEqual([null, null, null, 'OPTIMIZER_BUSY', 'OPTIMIZER_BUSY'])
  expect(await refusal(optimize(generateInstance(3)))).toBeNull()
})

test('an error in a worker is reported, and the next basket is optimised', async () => {
  const optimize = createOptimizer({ workers: 1 })
  const broken = { ...generateInstance(2), lines: [{ productId: 1, quantity: 0.5 }] }
  const error = await refusal(optimize(broken))
  expect(error instanceof Error && error.message).toStartWith(
    'Cannot optimise a basket: Error: Cannot price a basket',
  )
  expect((await optimize(generateInstance(2))).plans).toHaveLength(3)
})
