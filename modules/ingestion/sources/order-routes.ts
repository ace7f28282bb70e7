import { Type } from '@sinclair/typebox'
import { commandRoute } from '../../../src/http/contract/route.ts'
import { beginOrdered, orderBody, type StartRun } from './start-run.ts'

/** @param startRun starts a run in another process */
export function orderRoutes(startRun: StartRun) {
  return [
    commandRoute({
      method: 'POST',
      path: '/v1/ingestion/runs',
      operationId: 'startRun',
      status: 202,
      summary: 'Start an ingestion run',
      description: 'It works in a process beside the API; its run tells how far it is.',
      tag: 'metadata',
      responseSchema: Type.Object(
        { id: Type.Integer() },
        { title: 'RunStarted', example: { id: 4 } },
      ),
      body: orderBody,
      errors: ['DATASET_NOT_FOUND', 'DATASET_DISABLED', 'RUN_IN_PROGRESS', 'RUN_NOT_STARTED'],
      cost: 10,
      handler: async ({ sql }, { body }) => {
        const { id } = await beginOrdered(sql, startRun, body)
        return { data: { id }, location: `/v1/ingestion/runs/${id}` }
      },
    }),
  ]
}
