import { type Static, Type } from '@sinclair/typebox'
import type { Sql } from '../../../src/db/connect.ts'
import { AppError, notFound } from '../../../src/http/contract/app-error.ts'
import { findSourceByName } from './sources.ts'

/** Which versions of which registered dataset to load. */
export const orderBody = Type.Object(
  {
    dataset: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'The name of one in /v1/datasets.',
    }),
    version: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 999_999_999,
        description: 'Of a dataset of Kaggle; the newest unless told.',
      }),
    ),
    since: Type.Optional(
      Type.String({
        pattern: '^\\d{4}-\\d{2}-\\d{2}$',
        example: '2026-08-09',
        description: 'All versions of a dataset of Kaggle since that day.',
      }),
    ),
    all: Type.Optional(
      Type.Boolean({ description: 'All versions of a dataset of Kaggle, oldest first.' }),
    ),
    force: Type.Optional(Type.Boolean({ description: 'Read again what is already loaded.' })),
  },
  { additionalProperties: false, example: { dataset: 'israeli-supermarkets-2024' } },
)
export type RunOrder = Static<typeof orderBody>

/**
 * Starts a run in another process and resolves to its id when its row is written. @throws
 * RunRefused
 */
export type StartRun = (order: RunOrder) => Promise<number>

/** A run did not start: another one is in progress, or the order's source has nothing to load. */
export class RunRefused extends Error {
  constructor(
    readonly why: 'locked' | 'not possible',
    message: string,
  ) {
    super(message)
  }
}

/** @throws AppError DATASET_NOT_FOUND, DATASET_DISABLED, RUN_IN_PROGRESS, RUN_NOT_STARTED */
export async function beginOrdered(
  sql: Sql,
  startRun: StartRun,
  order: RunOrder,
): Promise<{ id: number }> {
  const dataset = await findSourceByName(sql, order.dataset)
  if (dataset === null) throw notFound('DATASET_NOT_FOUND', `dataset ${order.dataset}`)
  if (!dataset.enabled)
    throw new AppError('DATASET_DISABLED', `The dataset ${order.dataset} is not enabled`)
  try {
    return { id: await startRun(order) }
  } catch (error) {
    if (!(error instanceof RunRefused)) throw error
    throw new AppError(
      error.why === 'locked' ? 'RUN_IN_PROGRESS' : 'RUN_NOT_STARTED',
      error.message,
      { cause: error },
    )
  }
}
