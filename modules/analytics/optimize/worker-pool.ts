import { availableParallelism } from 'node:os'
import { URL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { AppError } from '../../../src/http/contract/app-error.ts'
import type { Instance } from './instance.ts'
import type { Optimum } from './optimize-basket.ts'
import { type Answer, toJob } from './worker-message.ts'

export type Limits = {
  /** Time for one basket, without its wait in the queue. */
  limitMs: number
  workers: number
  /** Baskets that may wait in the queue. */
  waiting: number
}

/** One core is left for other requests. */
const DEFAULT_LIMITS: Limits = {
  limitMs: 5000,
  workers: Math.max(1, Math.min(4, availableParallelism() - 1)),
  waiting: 16,
}
/** A worker checks its deadline between steps; one this much later is terminated. */
const GRACE_MS = 2000

/**
 * Optimises baskets in worker threads, so that the event loop stays free. Baskets queue when all
 * workers are busy. Workers start on first use and are kept.
 */
export function createOptimizer(limits: Partial<Limits> = {}) {
  const { limitMs, workers, waiting } = { ...DEFAULT_LIMITS, ...limits }
  const idle: Worker[] = []
  const queue: (() => void)[] = []
  let busy = 0

  /**
   * @throws AppError OPTIMIZER_BUSY when the queue is full, BASKET_TOO_HARD after the time limit
   */
  return async function optimize(instance: Instance): Promise<Optimum> {
    if (busy >= workers) {
      if (queue.length >= waiting) {
        throw new AppError(
          'OPTIMIZER_BUSY',
          `Server is busy: ${waiting} baskets are waiting to be optimised; retry shortly`,
        )
      }
      await new Promise<void>((resolve) => queue.push(resolve))
    } else busy++
    try {
      const worker = idle.pop() ?? new Worker(new URL('./optimize-worker.ts', import.meta.url))
      const answer = await runJob(worker, instance, limitMs)
      idle.push(worker)
      return toOptimum(answer, limitMs)
    } finally {
      const next = queue.shift()
      if (next === undefined) busy--
      else next()
    }
  }
}

/** A worker that fails or exceeds its time is terminated, never reused. */
async function runJob(worker: Worker, instance: Instance, limitMs: number): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const failed = (error: Error) =>
    reject(new Error('Cannot optimise a basket: the worker failed', { cause: error }))
  const ended = (code: number) => failed(new Error(`it ended with ${code}`))
  const late = setTimeout(() => reject(timeLimitError(limitMs)), limitMs + GRACE_MS)
  worker.on('message', resolve).on('error', failed).on('exit', ended)
  worker.ref()
  try {
    worker.postMessage(toJob(instance, limitMs))
    return await promise
  } catch (error) {
    await worker.terminate()
    throw error
  } finally {
    clearTimeout(late)
    worker.off('message', resolve).off('error', failed).off('exit', ended)
    worker.unref()
  }
}

function toOptimum(answer: Answer, limitMs: number): Optimum {
  if ('optimum' in answer) return answer.optimum
  if ('failed' in answer) throw new Error(`Cannot optimise a basket: ${answer.failed}`)
  throw timeLimitError(limitMs)
}

function timeLimitError(limitMs: number): AppError {
  const message = `The cheapest way to split this basket was not proven within ${limitMs / 1000} s: ask for fewer products or stores`
  return new AppError('BASKET_TOO_HARD', message)
}
