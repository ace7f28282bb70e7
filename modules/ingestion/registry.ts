import { copyOut } from '../../src/db/binary-copy.ts'
import type { Db } from '../../src/db/connect.ts'
import { type ProductKey, productKey, SMALLEST_BARCODE } from '../catalog/index.ts'
import { EXACT_DIGITS } from './cell-state.ts'
import type { stagedChains, stagedProducts, stagedStores } from './tables.ts'

export type NewProduct = { id: number } & ProductKey
export type NewStore = { id: number; chainId: string; storeNumber: number }

/**
 * The ids of every product and store that is published or staged. One run at a time holds the lock, so it gives new
 * ids itself, without asking the server; `fresh` collects them until they are staged.
 */
export type Registry = {
  barcodes: Map<number, number>
  internal: Map<string, Map<number, number>>
  byText: Map<string, number>
  stores: Map<string, number>
  chainSlugs: Set<string>
  /** When each wording of a product (by its hash) was first observed, in epoch milliseconds. */
  wordings: Map<number, number>
  lastProductId: number
  lastStoreId: number
  fresh: Fresh
}

/** What was met for the first time and is not staged yet. */
export type Fresh = { products: NewProduct[]; stores: NewStore[]; slugs: { chainId: string; slug: string }[] }

export function isEmpty({ products, stores, slugs }: Fresh): boolean {
  return products.length + stores.length + slugs.length === 0
}

/** Hands over what is fresh; from now on it counts as known. */
export function takeFresh(registry: Registry): Fresh {
  const { fresh } = registry
  registry.fresh = { products: [], stores: [], slugs: [] }
  return fresh
}

/** Of a dataset that holds nothing. */
export function newRegistry(): Registry {
  return {
    barcodes: new Map(),
    internal: new Map(),
    byText: new Map(),
    stores: new Map(),
    chainSlugs: new Set(),
    wordings: new Map(),
    lastProductId: 0,
    lastStoreId: 0,
    fresh: { products: [], stores: [], slugs: [] },
  }
}

/** Loads what is published and what a killed run left staged. */
export async function loadRegistry(db: Db): Promise<Registry> {
  const registry = newRegistry()
  const products = db<(typeof stagedProducts.$inferSelect)[]>`
    select id, code, chain_id from catalog.products
    union all select id, code, chain_id from ingestion.staged_products`
  for await (const page of products.cursor(20_000)) {
    for (const { id, code, chain_id } of page) remember(registry, { code, chainId: chain_id }, id)
  }
  const stores = await db<(typeof stagedStores.$inferSelect)[]>`
    select id, chain_id, store_number from catalog.stores
    union all select id, chain_id, store_number from ingestion.staged_stores`
  for (const { id, chain_id, store_number } of stores) {
    registry.stores.set(`${chain_id}/${store_number}`, id)
    registry.lastStoreId = Math.max(registry.lastStoreId, id)
  }
  const slugs = await db<(typeof stagedChains.$inferSelect)[]>`
    select id as chain_id, unnest(slugs) as slug from catalog.chains
    union all select chain_id, slug from ingestion.staged_chains`
  for (const { chain_id, slug } of slugs) registry.chainSlugs.add(`${chain_id}/${slug}`)
  const wordings = `select wording, first_observed_at from ingestion.wordings
    union all select wording, first_observed_at from ingestion.staged_descriptions`
  await copyOut(db, wordings, (from) => {
    const wording = from.int8()
    const moment = from.moment()
    registry.wordings.set(wording, Math.min(moment, registry.wordings.get(wording) ?? moment))
  })
  return registry
}

function remember(registry: Registry, { code, chainId }: ProductKey, id: number): void {
  registry.lastProductId = Math.max(registry.lastProductId, id)
  if (isNumber(code)) numbered(registry, Number(code), chainId ?? '').set(Number(code), id)
  else registry.byText.set(`${chainId ?? ''}/${code}`, id)
}

function isNumber(code: string): boolean {
  return /^\d+$/.test(code) && code.length <= EXACT_DIGITS
}

/** The map that a numeric code lives in: barcodes, or the internal codes of its chain. */
function numbered(registry: Registry, code: number, chainId: string): Map<number, number> {
  if (code >= SMALLEST_BARCODE) return registry.barcodes
  let codes = registry.internal.get(chainId)
  if (codes === undefined) {
    codes = new Map()
    registry.internal.set(chainId, codes)
  }
  return codes
}

/** The id of the product with a numeric code (`readDigits`), new where it was never met. */
export function productByDigits(registry: Registry, code: number, chainId: string): number {
  const codes = numbered(registry, code, chainId)
  const known = codes.get(code)
  if (known !== undefined) return known
  const id = ++registry.lastProductId
  codes.set(code, id)
  registry.fresh.products.push({ id, code: String(code), chainId: code >= SMALLEST_BARCODE ? null : chainId })
  return id
}

/** The same for any other code; 0 when the code is empty. */
export function productByText(registry: Registry, itemCode: string, chainId: string): number {
  const key = productKey(itemCode, chainId)
  if (key === null) return 0
  if (isNumber(key.code)) return productByDigits(registry, Number(key.code), chainId)
  const text = `${key.chainId ?? ''}/${key.code}`
  const known = registry.byText.get(text)
  if (known !== undefined) return known
  const id = ++registry.lastProductId
  registry.byText.set(text, id)
  registry.fresh.products.push({ id, ...key })
  return id
}

/** The id of a store, new where it was never met; the slug of its file is kept as a name of its chain. */
export function storeId(registry: Registry, chainId: string, storeNumber: number, slug: string): number {
  rememberSlug(registry, chainId, slug)
  const key = `${chainId}/${storeNumber}`
  const known = registry.stores.get(key)
  if (known !== undefined) return known
  const id = ++registry.lastStoreId
  registry.stores.set(key, id)
  registry.fresh.stores.push({ id, chainId, storeNumber })
  return id
}

function rememberSlug(registry: Registry, chainId: string, slug: string): void {
  const key = `${chainId}/${slug}`
  if (registry.chainSlugs.has(key)) return
  registry.chainSlugs.add(key)
  registry.fresh.slugs.push({ chainId, slug })
}
