import { type Static, Type } from '@sinclair/typebox'
import type { ListInput } from '../../../src/http/contract/route.ts'
import { dateTime, nullable, text } from '../../../src/http/contract/value-schemas.ts'
import { PLACE_RULES, type PlaceRule } from './place-store.ts'

export const chainId = Type.String({ pattern: '^[0-9]{1,20}$', example: '7290027600007' })

/** The store filters that many lists share. */
export const storeFilters = {
  city: Type.Optional(
    text(
      'ירושלים',
      'The city’s name as people write it (`ת"א`, `קריית אתא`), or its settlement code.',
    ),
  ),
  chain: Type.Optional(
    text('שופרסל', 'One of the chain’s slugs, or words that begin words of its name.'),
  ),
  chain_id: Type.Optional(chainId),
  near: Type.Optional(
    Type.String({
      pattern: '^-?[0-9]{1,3}([.][0-9]{1,9})?,-?[0-9]{1,3}([.][0-9]{1,9})?$',
      example: '32.08,34.78',
      description:
        'Only stores whose place is known, by the distance of `latitude,longitude` (WGS84 degrees) from them or from the centre of their settlement.',
    }),
  ),
  radius_km: Type.Optional(
    Type.Number({
      minimum: 0.1,
      maximum: 500,
      example: 5,
      description: 'Only stores at most so many kilometres from `near`.',
    }),
  ),
  vat_free: Type.Optional(
    Type.Boolean({
      example: false,
      description:
        'true: only stores in Eilat, where prices are without value-added tax; false: all others.',
    }),
  ),
}
/** The store filters of a query. */
export type StoreFilters = Pick<ListInput<typeof storeFilters>, keyof typeof storeFilters>

export const storesQuery = {
  q: Type.Optional(text('יפו', 'Words of name, chain, city and address.')),
  ...storeFilters,
}
export type StoresQuery = ListInput<typeof storesQuery>

export const storeSchema = Type.Object(
  {
    id: Type.Integer(),
    kaggle_store_id: Type.String({ description: 'Chain id and store number.' }),
    store_name: nullable(Type.String()),
    store_number: Type.Integer(),
    chain_id: Type.String(),
    chain_name: nullable(Type.String()),
    sub_chain: nullable(Type.String()),
    store_type: nullable(Type.String()),
    city: nullable(Type.String()),
    city_code: nullable(Type.String()),
    address: nullable(Type.String()),
    zip: nullable(Type.String()),
    settlement: nullable(
      Type.String({ description: 'Where the store is, by the Central Bureau of Statistics.' }),
    ),
    settlement_code: nullable(Type.String()),
    place_rule: nullable(
      Type.Unsafe<PlaceRule>({
        type: 'string',
        enum: [...PLACE_RULES],
        description: 'What named the settlement; null when nothing does.',
      }),
    ),
    latitude: nullable(Type.Number()),
    longitude: nullable(Type.Number()),
    vat_free: Type.Boolean({
      description: 'In Eilat: prices are without value-added tax.',
    }),
    distance_km: Type.Optional(Type.Number({ description: 'From `near`; only with it.' })),
    last_observed_at: nullable(dateTime()),
    stale: Type.Boolean({
      description:
        'Not observed for STALE_AFTER_DAYS before the newest observation of the dataset.',
    }),
    created_at: dateTime(),
    updated_at: dateTime(),
  },
  {
    title: 'Store',
    example: {
      id: 456,
      kaggle_store_id: '7290027600007-413',
      store_name: 'שלי ירושלים',
      store_number: 413,
      chain_id: '7290027600007',
      chain_name: 'שופרסל',
      sub_chain: 'שופרסל שלי',
      store_type: 'physical',
      city: 'ירושלים',
      city_code: '3000',
      address: 'יפו 1',
      zip: '9414101',
      settlement: 'ירושלים',
      settlement_code: '3000',
      place_rule: 'city_code',
      latitude: null,
      longitude: null,
      vat_free: false,
      last_observed_at: '2026-08-20T03:00:00+03:00',
      stale: false,
      created_at: '2026-08-09T12:00:00+03:00',
      updated_at: '2026-08-20T12:00:00+03:00',
    },
  },
)
export type Store = Static<typeof storeSchema>
