import { Type } from '@sinclair/typebox'
import { idNumber, listEndpoint, oneEndpoint, text } from '../../src/http/contract/endpoint.ts'
import { categoryShape, chainShape, manufacturerShape, productShape, storeShape } from './shapes.ts'

const CHAIN_SORTS = ['id', 'name'] as const
const STORE_SORTS = ['id', 'name', 'city', 'chain_id', 'store_number', 'last_observed_at'] as const
const PRODUCT_SORTS = ['id', 'name', 'price', 'store_count', 'manufacturer', 'updated_at'] as const

const chainId = Type.String({ pattern: '^[0-9]{1,20}$', example: '7290027600007' })
const code = Type.String({ pattern: '^[0-9]{1,20}$', example: '7290000000123' })
const money = (example: number, description: string) =>
  Type.Number({ minimum: 0, maximum: 1_000_000, example, description })

export const includeStale = Type.Boolean({
  example: false,
  description: 'Count the prices of stale stores into minimum, maximum, mean and store count too.',
})
const q = text(
  'חלב 3%',
  'Words in any order, each may be a beginning, and sizes (`1.5 ליטר`, `5%`); geresh, gershayim and niqqud do not matter. Misspelt words are looked for when too little is found. Or a barcode.',
)

export const chainList = listEndpoint({
  summary: 'Chains',
  tag: 'stores',
  shape: chainShape,
  sorts: CHAIN_SORTS,
})

export const oneChain = oneEndpoint({
  summary: 'One chain',
  tag: 'stores',
  shape: chainShape,
  params: { id: chainId },
  errors: ['CHAIN_NOT_FOUND'],
})

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
}

export const storeList = listEndpoint({
  summary: 'Stores',
  tag: 'stores',
  shape: storeShape,
  query: {
    q: Type.Optional(text('יפו', 'Words of name, chain, city and address.')),
    ...storeFilters,
  },
  sorts: STORE_SORTS,
})

export const oneStore = oneEndpoint({
  summary: 'One store',
  tag: 'stores',
  shape: storeShape,
  params: { id: idNumber(456) },
  errors: ['STORE_NOT_FOUND'],
})

/** By what products are, in every list that has products. */
export const categoryFilters = {
  category: Type.Optional(text('Dairy', 'Exactly as in /products/categories.')),
  subcategory: Type.Optional(text('Milk', 'Exactly as in /products/categories.')),
}

const productFilters = {
  ...categoryFilters,
  barcode: Type.Optional(
    Type.Array(code, { maxItems: 100, description: 'Up to 100, repeated or with commas.' }),
  ),
  manufacturer: Type.Optional(text('תנובה', 'Exactly as in /products/manufacturers.')),
  chain_id: Type.Optional(Type.String({ ...chainId, description: 'Sold by this chain now.' })),
  price_min: Type.Optional(money(5, 'The least current price is at least this.')),
  price_max: Type.Optional(money(10, 'The least current price is at most this.')),
  on_sale: Type.Optional(
    Type.Boolean({
      example: true,
      description: 'Whether a promotion for everyone makes one unit cheaper today.',
    }),
  ),
  include_stale: Type.Optional(includeStale),
}

export const productList = listEndpoint({
  summary: 'Products',
  description:
    'Sorted by id; with `q`, whole words come before beginnings, the thing itself before what contains it, and then what most stores sell.',
  tag: 'products',
  shape: productShape,
  query: { q: Type.Optional(q), ...productFilters },
  sorts: PRODUCT_SORTS,
})

export const productSearch = listEndpoint({
  summary: 'Search products',
  description: 'As /products, with the words required.',
  tag: 'products',
  shape: productShape,
  query: { q, ...productFilters },
  sorts: PRODUCT_SORTS,
})

export const oneProduct = oneEndpoint({
  summary: 'One product',
  tag: 'products',
  shape: productShape,
  params: { id: idNumber(1234) },
  query: { include_stale: Type.Optional(includeStale) },
  errors: ['PRODUCT_NOT_FOUND'],
})

export const productByBarcode = oneEndpoint({
  summary: 'One product by its barcode',
  description: 'Leading zeros do not matter.',
  tag: 'products',
  shape: productShape,
  params: { code },
  query: { include_stale: Type.Optional(includeStale) },
  errors: ['PRODUCT_NOT_FOUND'],
})

export const categoryList = listEndpoint({
  summary: 'Categories of products',
  description: 'Read from the names by a table of rules; the dataset has none.',
  tag: 'products',
  shape: categoryShape,
  sorts: ['product_count', 'category'],
})

export const manufacturerList = listEndpoint({
  summary: 'Manufacturers',
  tag: 'products',
  shape: manufacturerShape,
  query: { q: Type.Optional(text('תנובה', 'A part of the name.')) },
  sorts: ['product_count', 'manufacturer'],
})
