import { availableParallelism } from 'node:os'
import { URL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { AppError } from '../../../src/http/contract/app-error.ts'
import type { Instance } from './instance.ts'
import type { Optimum } from './optimize-basket.ts'
import { type Answer, jobOf } from './worker-message.ts'

export type Limits = {
  /** For one basket, once its turn has come. */
  limitMs: number
  workers: number
  /** Baskets that wait for their turn. */
  waiting: number
}

/** One core is left to those who ask for less. */
const USUAL: Limits = {
  limitMs: 5000,
  workers: Math.max(1, Math.min(4, availableParallelism() - 1)),
  waiting: 16,
}
/** A worker looks at its watch between steps; one that does not answer long after its time is ended. */
const GRACE_MS = 2000

/**
 * Optimises baskets in workers, so that the event loop goes on: as many at a time as there are workers, the others one
 * after the other. Workers are started when they are first needed, and kept.
 */
export function createOptimizer(limits: Partial<Limits> = {}) {
  const { limitMs, workers, waiting } = { ...USUAL, ...limits }
  const idle: Worker[] = []
  const queue: (() => void)[] = []
  let busy = 0

  /** @throws AppError OPTIMIZER_BUSY when too many wait, BASKET_TOO_HARD when the time does not suffice */
  return async function optimize(instance: Instance): Promise<Optimum> {
    if (busy >= workers) {
      if (queue.length >= waiting) {
        throw new AppError(
          'OPTIMIZER_BUSY',
          `${waiting} baskets are waiting to be optimised: try again in a moment`,
        )
      }
      await new Promise<void>((resolve) => queue.push(resolve))
    } else busy++
    try {
      const worker = idle.pop() ?? new Worker(new URL('./optimize-worker.ts', import.meta.url))
      const answer = await ask(worker, instance, limitMs)
      idle.push(worker)
      return optimumOf(answer, limitMs)
    } finally {
      const next = queue.shift()
      if (next === undefined) busy--
      else next()
    }
  }
}

/** A worker that fails, or is ended because its time is over, is not used again. */
async function ask(worker: Worker, instance: Instance, limitMs: number): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const failed = (error: Error) =>
    reject(new Error('Cannot optimise a basket: the worker failed', { cause: error }))
  const ended = (code: number) => failed(new Error(`it ended with ${code}`))
  const late = setTimeout(() => reject(tooHard(limitMs)), limitMs + GRACE_MS)
  worker.on('message', resolve).on('error', failed).on('exit', ended)
  worker.ref()
  try {
    worker.postMessage(jobOf(instance, limitMs))
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

function optimumOf(answer: Answer, limitMs: number): Optimum {
  if ('optimum' in answer) return answer.optimum
  if ('failed' in answer) throw new Error(`Cannot optimise a basket: ${answer.failed}`)
  throw tooHard(limitMs)
}

function tooHard(limitMs: number): AppError {
  const message = `The cheapest way to split this basket was not proven within ${limitMs / 1000} s: ask for fewer products or stores`
  return new AppError('BASKET_TOO_HARD', message)
}
