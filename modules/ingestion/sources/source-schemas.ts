import { type Static, Type } from '@sinclair/typebox'
import type { ListInput } from '../../../src/http/contract/route.ts'
import { choice, dateTime, nullable } from '../../../src/http/contract/value-schemas.ts'
import { SOURCE_URLS } from './source-url.ts'

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

export const sourceSchema = Type.Object(
  { id: Type.Integer(), ...fields, created_at: dateTime(), updated_at: dateTime() },
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
export type Source = Static<typeof sourceSchema>

export const wholeBody = Type.Object(
  {
    ...fields,
    description: Type.Optional(fields.description),
    enabled: Type.Optional(fields.enabled),
  },
  { additionalProperties: false, example: EXAMPLE },
)
export const partialBody = Type.Partial(wholeBody, {
  additionalProperties: false,
  minProperties: 1,
  example: { enabled: false },
})
export type SourceFields = Static<typeof wholeBody>

export const sourcesQuery = {
  kind: Type.Optional(choice(kinds, { example: 'kaggle' })),
  enabled: Type.Optional(Type.Boolean({ example: true })),
}
export type SourcesQuery = ListInput<typeof sourcesQuery>
