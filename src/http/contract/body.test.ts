import { describe, expect, test } from 'bun:test'
import { Type } from '@sinclair/typebox'
import { AppError } from './app-error.ts'
import { readBody } from './body.ts'
import { nullable } from './value-schemas.ts'

const schema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 9, example: 'basket' }),
    note: Type.Optional(nullable(Type.String({ maxLength: 5 }))),
    items: Type.Array(
      Type.Object(
        { quantity: Type.Integer({ minimum: 1, maximum: 10 }) },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 3 },
    ),
  },
  { additionalProperties: false },
)

type Sent = string | Uint8Array<ArrayBuffer> | ReadableStream | null

function send(
  body: Sent,
  headers: Record<string, string> = { 'content-type': 'application/json' },
) {
  return readBody(new Request('http://localhost/', { method: 'POST', body, headers }), schema)
}

async function refusal(body: Sent, headers?: Record<string, string>) {
  try {
    return await send(body, headers)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return [error.code, ...(error.details ?? []).map(({ field, message }) => `${field} ${message}`)]
  }
}

test('a body is validated by its schema, and its text is normalized to NFC', async () => {
  const body = { name: 'cafe\u0301', items: [{ quantity: 2 }] }
  expect(await send(JSON.stringify(body))).toEqual({ ...body, name: 'café' })
  expect(
    await send(JSON.stringify(body), { 'content-type': 'Application/JSON; charset=utf-8' }),
  ).toEqual({
    ...body,
    name: 'café',
  })
})

test('null is accepted only for nullable fields', async () => {
  expect(await send('{"name":"a","note":null,"items":[{"quantity":1}]}')).toMatchObject({
    note: null,
  })
  expect(await refusal('{"name":null,"items":[{"quantity":1}]}')).toEqual([
    'VALIDATION_ERROR',
    'name must be a text of 1 to 9 characters',
  ])
})

describe('an invalid body is refused with the path of each problem', () => {
  const refused: [string, Sent, string[]][] = [
    ['none', null, ['VALIDATION_ERROR', 'body is missing']],
    ['no JSON', '{"name":', ['VALIDATION_ERROR', 'body must be JSON in UTF-8']],
    [
      'no UTF-8',
      new Uint8Array([0x22, 0xff, 0x22]),
      ['VALIDATION_ERROR', 'body must be JSON in UTF-8'],
    ],
    ['too deep', '['.repeat(60_000), ['VALIDATION_ERROR', 'body must be JSON in UTF-8']],
    ['NUL', '{"name":"a\\u0000"}', ['VALIDATION_ERROR', 'body must not hold NUL characters']],
    ['a list', '[]', ['VALIDATION_ERROR', 'body must be an object']],
    [
      'fields',
      '{"name":"","items":[{"quantity":1.5},{"quantity":2,"x":1}],"more":1}',
      [
        'VALIDATION_ERROR',
        'more is not a field of this body',
        'name must be a text of 1 to 9 characters',
        'items[0].quantity must be a whole number from 1 to 10',
        'items[1].x is not a field of this body',
      ],
    ],
    ['missing', '{"name":"a"}', ['VALIDATION_ERROR', 'items is required']],
    [
      'many',
      '{"name":"a","items":[]}',
      ['VALIDATION_ERROR', 'items must be a list of 1 to 3 values'],
    ],
    ['large', `{"name":"${'a'.repeat(70_000)}"}`, ['PAYLOAD_TOO_LARGE']],
  ]
  for (const [name, body, expected] of refused) {
    test(name, async () => expect(await refusal(body)).toEqual(expected))
  }

  test('a body with another content type is refused', async () =>
    expect(await refusal('a=1', {})).toEqual(['UNSUPPORTED_MEDIA_TYPE']))

  test('a body without a length is not read beyond the size limit', async () => {
    let pulled = 0
    const endless = new ReadableStream({
      pull(controller) {
        pulled++
        controller.enqueue(new Uint8Array(10_000).fill(32))
      },
    })
    expect(await refusal(endless)).toEqual(['PAYLOAD_TOO_LARGE'])
    expect(pulled).toBeLessThan(20)
  })
})

test('a body that arrives too slowly returns 408', async () => {
  let given = 0
  const drip = new ReadableStream({
    pull: async (controller) => {
      await new Promise((resolve) => setTimeout(resolve, 10))
      controller.enqueue(new TextEncoder().encode(' '))
      given++
    },
  })
  const headers = { 'content-type': 'application/json' }
  const request = new Request('http://localhost/', { method: 'POST', body: drip, headers })
  await expect(readBody(request, schema, { bodyMs: 100 })).rejects.toMatchObject({
    code: 'REQUEST_TIMEOUT',
    status: 408,
  })
  expect(given).toBeLessThan(15)
})

test('a compressed body is refused', async () => {
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
  expect(await refusal('{}', headers)).toEqual(['UNSUPPORTED_MEDIA_TYPE'])
})
