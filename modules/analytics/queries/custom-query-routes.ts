import { listRoute } from '../../../src/http/contract/route.ts'
import { answerCustomQuery, type CustomLimits } from './custom-query.ts'
import { customQueryBody, customRowSchema } from './custom-query-schemas.ts'

export function customQueryRoutes(limits: CustomLimits) {
  return [
    listRoute({
      method: 'POST',
      path: '/v1/analytics/custom-query',
      operationId: 'runCustomQuery',
      summary: 'Run a custom query',
      description:
        'Over one row for each product, store and day on which a list of the store showed its price (the last one of the day): measures by dimensions. Columns have the names given in the query; `chain`, `store` and `product` come with `…_id`. Numbers are shekels, or counts. A query that would take too long is refused with QUERY_TOO_EXPENSIVE. A page has `limit` rows, as CSV too; `page` selects another, and `pagination.total` counts all rows.',
      tag: 'analytics',
      body: customQueryBody,
      responseSchema: customRowSchema,
      errors: ['QUERY_TOO_EXPENSIVE'],
      inTransaction: true,
      role: 'analyst',
      cost: 20,
      sorts: [],
      paged: false,
      handler: (context, { body }) => answerCustomQuery(context, body, limits),
    }),
  ]
}
