import type { TObject, TSchema } from '@sinclair/typebox'
import type { ErrorCode } from './app-error.ts'
import type { Endpoint } from './endpoint.ts'

type Json = Record<string, unknown>

/** A route's documentation, to be given as its `detail`: whole but for the path. */
export function describe(endpoint: Endpoint): { summary: string } & Json {
  const { summary, description, tag, params, query, kind, errors, volatile } = endpoint
  return {
    summary,
    ...(description === undefined ? {} : { description }),
    tags: [tag],
    parameters: [...parametersOf('path', params), ...parametersOf('query', query)],
    responses: {
      200: kind === 'list' ? listResponse(endpoint) : jsonResponse('The answer', envelope(endpoint, false)),
      ...(volatile
        ? {}
        : { 304: { description: 'Nothing has changed since the answer whose ETag was sent in If-None-Match.' } }),
      400: errorResponse('VALIDATION_ERROR', 400),
      ...Object.fromEntries(errors.map((code) => [404, errorResponse(code, 404)])),
      500: errorResponse('INTERNAL_ERROR', 500),
      503: errorResponse('DATABASE_UNAVAILABLE', 503),
    },
  }
}

/** Swagger UI fills every example in before it tries a request, so those of optional parameters go into the text. */
function parametersOf(place: 'path' | 'query', { properties, required = [] }: TObject): Json[] {
  return Object.entries(properties).map(([name, { example, description = '', items, ...rest }]: [string, TSchema]) => {
    const { example: itemExample = undefined, ...itemSchema } = items ?? {}
    const given = example ?? itemExample
    const isRequired = required.includes(name)
    const inWords = isRequired || given === undefined ? '' : ` For example \`${given}\`.`
    return {
      name,
      in: place,
      required: isRequired,
      description: `${description}${inWords}`.trim(),
      schema: items === undefined ? rest : { ...rest, items: itemSchema },
      ...(isRequired && given !== undefined ? { example: given } : {}),
    }
  })
}

const META = {
  title: 'Meta',
  type: 'object',
  required: ['timestamp', 'version', 'generation', 'last_observed_at'],
  properties: {
    timestamp: { type: 'string', format: 'date-time' },
    version: { type: 'string' },
    generation: { type: 'integer', description: 'The published dataset that the answer was read from.' },
    last_observed_at: {
      type: 'string',
      format: 'date-time',
      nullable: true,
      description: 'The newest observation in it.',
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
  required: ['page', 'per_page', 'total', 'total_pages', 'next_cursor'],
  properties: {
    page: { type: 'integer' },
    per_page: { type: 'integer' },
    total: { type: 'integer' },
    total_pages: { type: 'integer' },
    next_cursor: {
      type: 'string',
      nullable: true,
      description: 'Give it as `cursor` for the next page; null on the last one.',
    },
  },
}

function envelope({ shape }: Endpoint, isList: boolean) {
  const example = shape.example ?? {}
  const pagination = { page: 1, per_page: 20, total: 1, total_pages: 1, next_cursor: null }
  return {
    schema: {
      type: 'object',
      required: isList ? ['data', 'meta', 'pagination'] : ['data', 'meta'],
      properties: {
        data: isList ? { type: 'array', items: shape } : shape,
        meta: META,
        ...(isList ? { pagination: PAGINATION } : {}),
      },
    },
    example: isList ? { data: [example], meta: META_EXAMPLE, pagination } : { data: example, meta: META_EXAMPLE },
  }
}

function listResponse(endpoint: Endpoint) {
  const { content, ...rest } = jsonResponse('A page of the list', envelope(endpoint, true))
  return {
    ...rest,
    content: {
      ...content,
      'text/csv': { schema: { type: 'string' } },
      'application/x-ndjson': { schema: { type: 'string', description: 'One row a line.' } },
    },
  }
}

function jsonResponse(description: string, json: { schema: Json; example: unknown }) {
  return { description, content: { 'application/json': json } }
}

function errorResponse(code: ErrorCode, status: number) {
  const error = {
    code,
    message: status === 400 ? 'per_page must be a whole number from 1 to 100' : 'What went wrong, in a sentence',
    status,
    timestamp: '2026-08-20T12:00:00+03:00',
    request_id: '0f1c9a52-5c1e-4d0e-9f0a-3a8f1f1f2b11',
    ...(status === 400 ? { details: [{ field: 'per_page', message: 'must be a whole number from 1 to 100' }] } : {}),
  }
  return jsonResponse(code, { schema: ERROR, example: { error } })
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
