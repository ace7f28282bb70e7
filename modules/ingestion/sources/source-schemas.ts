import { type Static, Type } from '@sinclair/typebox'
import {
  choice,
  commandEndpoint,
  idNumber,
  listEndpoint,
  nullable,
  oneEndpoint,
} from '../../../src/http/contract/endpoint.ts'
import { SOURCE_URLS } from './source-url.ts'

const tag = 'metadata'
const moment = Type.String({ format: 'date-time' })
const kinds = ['kaggle', 'directory', 'zip'] as const
const EXAMPLE = {
  name: 'israeli-supermarkets-2024',
  description: 'The public price files of Israel’s supermarket chains, daily',
  source_url: 'https://www.kaggle.com/datasets/erlichsefi/israeli-supermarkets-2024',
  kind: 'kaggle',
  enabled: true,
} as const

const fields = {
  name: Type.String({
    minLength: 1,
    maxLength: 100,
    pattern: '^\\S(.*\\S)?$',
    example: EXAMPLE.name,
  }),
  description: nullable(Type.String({ maxLength: 2000 })),
  source_url: Type.String({
    minLength: 1,
    maxLength: 500,
    example: EXAMPLE.source_url,
    description: kinds.map((kind) => `\`${kind}\`: ${SOURCE_URLS[kind]}`).join('. '),
  }),
  kind: choice(kinds),
  enabled: Type.Boolean({ description: 'One that is not is kept, and not loaded.' }),
}

export const sourceShape = Type.Object(
  { id: Type.Integer(), ...fields, created_at: moment, updated_at: moment },
  {
    title: 'DatasetSource',
    example: {
      id: 1,
      ...EXAMPLE,
      created_at: '2026-08-09T12:00:00+03:00',
      updated_at: '2026-08-09T12:00:00+03:00',
    },
  },
)
export type Source = Static<typeof sourceShape>

const wholeBody = Type.Object(
  {
    ...fields,
    description: Type.Optional(fields.description),
    enabled: Type.Optional(fields.enabled),
  },
  { additionalProperties: false, example: EXAMPLE },
)
const partialBody = Type.Partial(wholeBody, {
  additionalProperties: false,
  minProperties: 1,
  example: { enabled: false },
})
export type SourceFields = Static<typeof wholeBody>

const params = { id: idNumber(1) }

export const sourceList = listEndpoint({
  summary: 'Datasets to load from',
  tag,
  shape: sourceShape,
  query: {
    kind: Type.Optional(choice(kinds, { example: 'kaggle' })),
    enabled: Type.Optional(Type.Boolean({ example: true })),
  },
  sorts: ['id', 'name', 'created_at', 'updated_at'],
  volatile: true,
})

export const oneSource = oneEndpoint({
  summary: 'One dataset to load from',
  tag,
  shape: sourceShape,
  params,
  errors: ['DATASET_NOT_FOUND'],
  volatile: true,
})

export const createSource = commandEndpoint({
  method: 'POST',
  status: 201,
  summary: 'Register a dataset to load from',
  tag,
  shape: sourceShape,
  body: wholeBody,
  errors: ['DATASET_EXISTS'],
})

export const replaceSource = commandEndpoint({
  method: 'PUT',
  status: 200,
  summary: 'Describe a dataset anew',
  tag,
  shape: sourceShape,
  params,
  body: wholeBody,
  errors: ['DATASET_NOT_FOUND', 'DATASET_EXISTS'],
})

export const changeSource = commandEndpoint({
  method: 'PATCH',
  status: 200,
  summary: 'Change some of a dataset',
  tag,
  shape: sourceShape,
  params,
  body: partialBody,
  errors: ['DATASET_NOT_FOUND', 'DATASET_EXISTS'],
})

export const removeSource = commandEndpoint({
  method: 'DELETE',
  status: 204,
  summary: 'Forget a dataset',
  description: 'What was loaded from it stays.',
  tag,
  params,
  errors: ['DATASET_NOT_FOUND'],
})
