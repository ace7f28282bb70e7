import { parentPort } from 'node:worker_threads'
import type { ShelfPrice } from '../../pricing/index.ts'
import { SearchLimitExceeded } from './instance.ts'
import { optimizeBasket } from './optimize-basket.ts'
import type { Answer, Job } from './worker-message.ts'

/** Solves jobs one by one. A job's time limit starts when it arrives. */
parentPort?.on('message', (job: Job) => parentPort?.postMessage(solve(job)))

function solve({ lines, weighted, stores, limitMs, ...rest }: Job): Answer {
  const offers = stores.map(({ agorot, ...offer }) => {
    const prices = new Map<number, ShelfPrice>()
    for (const [i, { productId }] of lines.entries()) {
      if (agorot[i] !== 0)
        prices.set(productId, { agorot: agorot[i] as number, isWeighted: weighted[i] === true })
    }
    return { ...offer, prices }
  })
  try {
    return {
      optimum: optimizeBasket({ ...rest, lines, stores: offers }, performance.now() + limitMs),
    }
  } catch (error) {
    if (error instanceof SearchLimitExceeded) return { tooHard: true }
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
