import type { TObject, TSchema } from '@sinclair/typebox'
import { type ErrorCode, statusOf } from '../contract/app-error.ts'
import type { Route } from '../contract/route.ts'

type Json = Record<string, unknown>

/** The `securitySchemes` of the OpenAPI document: an API key or a bearer token. */
export const KEY_OR_TOKEN = [{ apiKey: [] }, { bearer: [] }]

const REFUSALS = [
  'UNAUTHORIZED',
  'API_KEY_INVALID',
  'API_KEY_EXPIRED',
  'API_KEY_REVOKED',
  'TOKEN_INVALID',
  'TOKEN_EXPIRED',
] as const

/** Converts a route to an operation of the OpenAPI document, without its path. */
export function openApiOperation(route: Route): { summary: string } & Json {
  const {
    operationId,
    summary,
    description,
    tag,
    params,
    query,
    body,
    kind,
    status,
    errors,
    volatile,
    method,
    role,
    credential,
  } = route
  const words = [description, role === 'reader' ? undefined : `Needs the role \`${role}\`.`].filter(
    Boolean,
  )
  return {
    operationId,
    summary,
    ...(words.length === 0 ? {} : { description: words.join(' ') }),
    tags: [tag],
    // for other routes the document-level security shows what AUTH_MODE requires
    ...(role === 'reader' ? {} : { security: KEY_OR_TOKEN }),
    ...(credential === 'key' ? { security: [{ apiKey: [] }] } : {}),
    parameters: [...parametersOf('path', params), ...parametersOf('query', query)],
    ...(body === undefined ? {} : { requestBody: bodyOf(body) }),
    responses: {
      [status]: okResponse(route),
      ...(kind === 'command' || volatile || method !== 'GET'
        ? {}
        : {
            304: {
              description:
                'Nothing has changed since the answer whose ETag was sent in If-None-Match.',
            },
          }),
      ...errorResponses([
        'VALIDATION_ERROR',
        ...(kind === 'command' ? [] : (['NOT_ACCEPTABLE'] as const)),
        ...REFUSALS,
        ...(role === 'reader' ? [] : (['FORBIDDEN'] as const)),
        ...(body === undefined
          ? []
          : (['REQUEST_TIMEOUT', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const)),
        ...errors,
        'RATE_LIMITED',
        'URI_TOO_LONG',
        'INTERNAL_ERROR',
        'DATABASE_UNAVAILABLE',
        'OVERLOADED',
        'QUERY_TIMEOUT',
      ]),
    },
  }
}

function bodyOf({ example, ...schema }: TSchema): Json {
  return {
    required: true,
    content: { 'application/json': { schema, ...(example === undefined ? {} : { example }) } },
  }
}

function okResponse(route: Route): Json {
  if (route.status === 204) return { description: 'Done' }
  if (route.kind === 'list') return listResponse(route)
  if (route.kind === 'item') return jsonResponse('The answer', envelope(route, false))
  const { responseSchema } = route
  const schema = { type: 'object', required: ['data'], properties: { data: responseSchema } }
  return jsonResponse('Done', { schema, example: { data: responseSchema.example ?? {} } })
}

/**
 * Examples of optional parameters go into the description, because Swagger UI would send every
 * example.
 */
function parametersOf(place: 'path' | 'query', { properties, required = [] }: TObject): Json[] {
  return Object.entries(properties).map(([name, schema]: [string, TSchema]) => {
    const { example, description = '', ...own } = valueSchema(schema)
    const isRequired = required.includes(name)
    const inWords = isRequired || example === undefined ? '' : ` For example \`${example}\`.`
    return {
      name,
      in: place,
      required: isRequired,
      description: `${description}${inWords}`.trim(),
      schema: own,
      ...(isRequired && example !== undefined ? { example } : {}),
    }
  })
}

/** Removes fields that OpenAPI does not support, and turns the example of a list into a list. */
function valueSchema({ words: _, ...schema }: TSchema): Json {
  if (schema.items === undefined) return schema
  const { example, ...items } = valueSchema(schema.items)
  return { ...(example === undefined ? {} : { example: [example] }), ...schema, items }
}

const META = {
  title: 'Meta',
  type: 'object',
  required: ['timestamp', 'version', 'generation', 'last_observed_at'],
  properties: {
    timestamp: {
      type: 'string',
      format: 'date-time',
      description: 'When the answer was made; it may be given again.',
    },
    version: { type: 'string' },
    generation: {
      type: 'integer',
      description: 'The published dataset that the answer was read from.',
    },
    last_observed_at: {
      type: 'string',
      format: 'date-time',
      nullable: true,
      description: 'The newest observation in it.',
    },
    sample: {
      type: 'boolean',
      description:
        'Present and true while the dataset is the generated sample: all prices are invented.',
    },
    hint: {
      type: 'string',
      description: 'Of an empty list: which filter nothing matches, and what is near.',
    },
  },
}
const META_EXAMPLE = {
  timestamp: '2026-08-20T12:00:00+03:00',
  version: 'v1',
  generation: 11,
  last_observed_at: '2026-08-20T03:00:00+03:00',
}
const PAGINATION = {
  title: 'Pagination',
  type: 'object',
  required: ['page', 'per_page', 'total', 'total_pages', 'has_more', 'next_cursor'],
  properties: {
    page: { type: 'integer' },
    per_page: { type: 'integer' },
    total: {
      type: 'integer',
      nullable: true,
      description: 'All rows; null where counting them would take long.',
    },
    total_pages: { type: 'integer', nullable: true },
    has_more: { type: 'boolean' },
    next_cursor: {
      type: 'string',
      nullable: true,
      description: 'Give it as `cursor` for the next page; null on the last one.',
    },
  },
}

function envelope({ responseSchema }: Route, isList: boolean) {
  const example = responseSchema.example ?? {}
  const pagination = {
    page: 1,
    per_page: 20,
    total: 1,
    total_pages: 1,
    has_more: false,
    next_cursor: null,
  }
  return {
    schema: {
      type: 'object',
      required: isList ? ['data', 'meta', 'pagination'] : ['data', 'meta'],
      properties: {
        data: isList ? { type: 'array', items: responseSchema } : responseSchema,
        meta: META,
        ...(isList ? { pagination: PAGINATION } : {}),
      },
    },
    example: isList
      ? { data: [example], meta: META_EXAMPLE, pagination }
      : { data: example, meta: META_EXAMPLE },
  }
}

function listResponse(route: Route) {
  const { content, ...rest } = jsonResponse('A page of the list', envelope(route, true))
  return {
    ...rest,
    content: {
      ...content,
      'text/csv': {
        schema: {
          type: 'string',
          description: 'The whole list, unless `page` or `per_page` is given; so is NDJSON.',
        },
      },
      'application/x-ndjson': { schema: { type: 'string', description: 'One row a line.' } },
    },
  }
}

function jsonResponse(description: string, json: { schema: Json; example: unknown }) {
  return { description, content: { 'application/json': json } }
}

/** The error responses by status. Codes with the same status share one description. */
function errorResponses(codes: readonly ErrorCode[]): Json {
  const byStatus = Map.groupBy(new Set(codes), statusOf)
  return Object.fromEntries(
    [...byStatus].map(([status, some]) => [status, errorResponse(some, status)]),
  )
}

function errorResponse(codes: readonly ErrorCode[], status: number) {
  const error = {
    code: codes[0],
    message:
      status === 400
        ? 'per_page must be a whole number from 1 to 100'
        : 'What went wrong, in a sentence',
    status,
    timestamp: '2026-08-20T12:00:00+03:00',
    request_id: '0f1c9a52-5c1e-4d0e-9f0a-3a8f1f1f2b11',
    ...(status === 400
      ? { details: [{ field: 'per_page', message: 'must be a whole number from 1 to 100' }] }
      : {}),
  }
  return {
    ...jsonResponse(codes.join(' or '), { schema: ERROR, example: { error } }),
    ...(status === 429 ? { headers: LIMIT_HEADERS } : {}),
  }
}

const inWholeNumbers = (description: string) => ({ description, schema: { type: 'integer' } })

const LIMIT_HEADERS = {
  'RateLimit-Limit': inWholeNumbers(
    'Calls a minute; on every answer, as the next two. Costly calls count for several.',
  ),
  'RateLimit-Remaining': inWholeNumbers('Calls that could be made now.'),
  'RateLimit-Reset': inWholeNumbers(
    'Seconds until all of them can be made again; they come back evenly.',
  ),
  'Retry-After': inWholeNumbers('Seconds until this call could be made.'),
}

const ERROR = {
  title: 'Error',
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'status', 'timestamp', 'request_id'],
      properties: {
        code: { type: 'string' },
        message: { type: 'string' },
        status: { type: 'integer' },
        timestamp: { type: 'string', format: 'date-time' },
        request_id: { type: 'string' },
        details: {
          type: 'array',
          items: {
            type: 'object',
            required: ['field', 'message'],
            properties: { field: { type: 'string' }, message: { type: 'string' } },
          },
        },
      },
    },
  },
}
