import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { choice, day, idNumber, text } from '../../../src/http/contract/value-schemas.ts'
import { barcode, chainId } from '../../catalog/index.ts'

export const FUNCTIONS = ['count', 'min', 'max', 'mean', 'median', 'percentile', 'sum'] as const
export const FIELDS = ['price', 'unit_price', 'product', 'store', 'chain', 'day'] as const
export const DIMENSIONS = [
  'chain',
  'store',
  'city',
  'category',
  'subcategory',
  'manufacturer',
  'product',
  'day',
  'week',
  'month',
  'weekday',
] as const
export const COMPARISONS = ['<', '<=', '=', '>=', '>'] as const
export const MAX_ROWS = 10_000

const closed = { additionalProperties: false }
const many = <S extends TSchema>(items: S, description: string) =>
  Type.Optional(Type.Array(items, { minItems: 1, maxItems: 1000, description }))
const column = Type.String({ minLength: 1, maxLength: 40, example: 'mean_price' })

const measure = Type.Object(
  {
    as: Type.String({
      pattern: '^[a-z][a-z0-9_]{0,39}$',
      example: 'mean_price',
      description: 'What the column is called.',
    }),
    function: choice(FUNCTIONS),
    field: choice(FIELDS, {
      description:
        '`price`, or `unit_price` (per kilogram, litre, metre or unit; products without contents do not count), for all functions. `count` counts prices, and distinct values of the other fields.',
    }),
    percentile: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 99,
        example: 90,
        description:
          'With `percentile`: the least price that so many percent of them do not exceed.',
      }),
    ),
  },
  closed,
)

const filters = Type.Object(
  {
    chain: many(chainId, 'Chain ids.'),
    store: many(idNumber(456), 'Store ids.'),
    city: many(text('ירושלים'), 'Cities as people write them, or settlement codes.'),
    category: many(text('Dairy'), 'Exactly as in /products/categories.'),
    subcategory: many(text('Milk'), 'Exactly as in /products/categories.'),
    manufacturer: many(text('תנובה'), 'Exactly as in /products/manufacturers.'),
    product: many(idNumber(1234), 'Product ids.'),
    barcode: many(barcode, 'Barcodes; leading zeros do not matter.'),
    price_min: Type.Optional(Type.Number({ minimum: 0, maximum: 1_000_000, example: 5 })),
    price_max: Type.Optional(Type.Number({ minimum: 0, maximum: 1_000_000, example: 10 })),
  },
  closed,
)

export const customQueryBody = Type.Object(
  {
    from: Type.Optional(day('2026-08-01', 'The first day; 29 before the last one unless given.')),
    to: Type.Optional(day('2026-08-20', 'The last day; the newest of the dataset unless given.')),
    measures: Type.Array(measure, { minItems: 1, maxItems: 10 }),
    dimensions: Type.Optional(
      Type.Array(choice(DIMENSIONS), {
        maxItems: 5,
        description:
          'A row for each combination that there is; one row in all without any. Weeks begin on Monday; `weekday` is 1 (Sunday) to 7.',
      }),
    ),
    filters: Type.Optional(filters),
    having: Type.Optional(
      Type.Array(
        Type.Object(
          {
            column,
            is: choice(COMPARISONS),
            value: Type.Number({ minimum: -1e12, maximum: 1e12, example: 5 }),
          },
          closed,
        ),
        { maxItems: 10, description: 'Conditions on measures, all of which a row must meet.' },
      ),
    ),
    sort: Type.Optional(
      Type.Array(
        Type.Object({ column, direction: Type.Optional(choice(['asc', 'desc'])) }, closed),
        {
          maxItems: 10,
          description:
            'Measures and dimensions; what is equal comes in the order of the dimensions.',
        },
      ),
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_ROWS,
        example: 100,
        description: 'Rows of a page; 100 by default.',
      }),
    ),
    page: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1000, example: 1, description: '1 by default.' }),
    ),
    include_stale: Type.Optional(
      Type.Boolean({ example: false, description: 'Count stores that are stale now too.' }),
    ),
  },
  {
    ...closed,
    example: {
      from: '2026-08-01',
      measures: [
        { as: 'mean_price', function: 'mean', field: 'price' },
        { as: 'stores', function: 'count', field: 'store' },
      ],
      dimensions: ['chain', 'week'],
      filters: { category: ['Dairy'] },
      having: [{ column: 'stores', is: '>=', value: 3 }],
      sort: [{ column: 'mean_price', direction: 'desc' }],
    },
  },
)
export type CustomQuery = Static<typeof customQueryBody>
export type Measure = CustomQuery['measures'][number]
export type Dimension = (typeof DIMENSIONS)[number]

export const customRowSchema = Type.Object(
  {},
  {
    additionalProperties: true,
    title: 'CustomRow',
    example: {
      chain_id: '7290027600007',
      chain: 'שופרסל',
      week: '2026-08-10',
      mean_price: 9.87,
      stores: 41,
    },
  },
)
