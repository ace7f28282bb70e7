import { copyOut } from '../../../src/db/binary-copy.ts'
import type { Db } from '../../../src/db/connect.ts'
import { isSharedCode, type ProductKey, productKey } from '../../catalog/index.ts'
import { EXACT_DIGITS } from '../files/cell-state.ts'
import { digestContent, type PromotionContent } from '../promotions/promo-content.ts'
import type { stagedChains, stagedProducts, stagedPromotionKeys, stagedStores } from '../tables.ts'

export type NewProduct = { id: number } & ProductKey
export type NewStore = { id: number; chainId: string; storeNumber: number }
/** A promotion id of a chain. Other stores and times may use it for other terms. */
export type NewPromotionKey = { id: number; chainId: string; code: string }
/** Promotion terms with the unique digest of their content (hex). */
export type NewTerms = { id: number; digest: string } & PromotionContent
/** A wording of promotion terms in a source file, by a hash of its cells. */
export type NewTermsWording = { wording: number; termsId: number }

/**
 * The ids of every published or staged product, store and promotion. Only the run with the lock
 * assigns ids, so it needs no query for a new one. `fresh` collects new entries until they are
 * staged.
 */
export type Registry = {
  barcodes: Map<number, number>
  internal: Map<string, Map<number, number>>
  byText: Map<string, number>
  stores: Map<string, number>
  chainSlugs: Set<string>
  /** The first observation of each product wording (by its hash), in epoch milliseconds. */
  wordings: Map<number, number>
  /** Promotions by `chain/code`. */
  promotions: Map<string, number>
  /** Terms by the hash of each wording, and by the digest of their content. */
  termsByWording: Map<number, number>
  termsByDigest: Map<string, number>
  lastProductId: number
  lastStoreId: number
  lastPromotionId: number
  lastTermsId: number
  fresh: Fresh
}

/** New entries that are not staged yet. */
export type Fresh = {
  products: NewProduct[]
  stores: NewStore[]
  slugs: { chainId: string; slug: string }[]
  promotions: NewPromotionKey[]
  terms: NewTerms[]
  termsWordings: NewTermsWording[]
}

export function isEmpty(fresh: Fresh): boolean {
  return Object.values(fresh).every((list) => list.length === 0)
}

/** Returns the new entries and clears them; from now on they count as staged. */
export function takeFresh(registry: Registry): Fresh {
  const { fresh } = registry
  registry.fresh = nothingFresh()
  return fresh
}

function nothingFresh(): Fresh {
  return { products: [], stores: [], slugs: [], promotions: [], terms: [], termsWordings: [] }
}

/** The registry of an empty dataset. */
export function newRegistry(): Registry {
  return {
    barcodes: new Map(),
    internal: new Map(),
    byText: new Map(),
    stores: new Map(),
    chainSlugs: new Set(),
    wordings: new Map(),
    promotions: new Map(),
    termsByWording: new Map(),
    termsByDigest: new Map(),
    lastProductId: 0,
    lastStoreId: 0,
    lastPromotionId: 0,
    lastTermsId: 0,
    fresh: nothingFresh(),
  }
}

/**
 * Loads published entries and those that a killed run left staged. Loads only staged ones if the
 * published content is about to be replaced.
 */
export async function loadRegistry(
  db: Db,
  { stagedOnly = false }: { stagedOnly?: boolean } = {},
): Promise<Registry> {
  const registry = newRegistry()
  const products = db<(typeof stagedProducts.$inferSelect)[]>`
    select id, code, chain_id from catalog.products where ${!stagedOnly}
    union all select id, code, chain_id from ingestion.staged_products`
  for await (const page of products.cursor(20_000)) {
    for (const { id, code, chain_id } of page) remember(registry, { code, chainId: chain_id }, id)
  }
  const stores = await db<(typeof stagedStores.$inferSelect)[]>`
    select id, chain_id, store_number from catalog.stores where ${!stagedOnly}
    union all select id, chain_id, store_number from ingestion.staged_stores`
  for (const { id, chain_id, store_number } of stores) {
    registry.stores.set(`${chain_id}/${store_number}`, id)
    registry.lastStoreId = Math.max(registry.lastStoreId, id)
  }
  const slugs = await db<(typeof stagedChains.$inferSelect)[]>`
    select id as chain_id, unnest(slugs) as slug from catalog.chains where ${!stagedOnly}
    union all select chain_id, slug from ingestion.staged_chains`
  for (const { chain_id, slug } of slugs) registry.chainSlugs.add(`${chain_id}/${slug}`)
  const wordings = `select wording, first_observed_at from ingestion.wordings where ${!stagedOnly}
    union all select wording, first_observed_at from ingestion.staged_descriptions`
  await copyOut(db, wordings, (from) => {
    const wording = from.int8()
    const moment = from.moment()
    registry.wordings.set(wording, Math.min(moment, registry.wordings.get(wording) ?? moment))
  })
  await loadPromotions(db, registry, stagedOnly)
  return registry
}

async function loadPromotions(db: Db, registry: Registry, stagedOnly: boolean): Promise<void> {
  const promotions = db<(typeof stagedPromotionKeys.$inferSelect)[]>`
    select id, chain_id, code from pricing.promotion_keys where ${!stagedOnly}
    union all select id, chain_id, code from ingestion.staged_promotion_keys`
  for await (const page of promotions.cursor(20_000)) {
    for (const { id, chain_id, code } of page) {
      registry.promotions.set(`${chain_id}/${code}`, id)
      registry.lastPromotionId = Math.max(registry.lastPromotionId, id)
    }
  }
  const terms = db<{ id: number; digest: string }[]>`
    select id, encode(digest, 'hex') as digest from pricing.promotion_terms where ${!stagedOnly}
    union all select id, encode(digest, 'hex') from ingestion.staged_promotion_terms`
  for await (const page of terms.cursor(20_000)) {
    for (const { id, digest } of page) {
      registry.termsByDigest.set(digest, id)
      registry.lastTermsId = Math.max(registry.lastTermsId, id)
    }
  }
  const wordings = `select wording, terms_id from ingestion.terms_wordings where ${!stagedOnly}
    union all select wording, terms_id from ingestion.staged_terms_wordings`
  await copyOut(db, wordings, (from) => {
    const wording = from.int8()
    registry.termsByWording.set(wording, from.int4())
  })
}

function remember(registry: Registry, { code, chainId }: ProductKey, id: number): void {
  registry.lastProductId = Math.max(registry.lastProductId, id)
  if (isNumber(code)) numbered(registry, Number(code), chainId ?? '').set(Number(code), id)
  else registry.byText.set(`${chainId ?? ''}/${code}`, id)
}

function isNumber(code: string): boolean {
  return /^\d+$/.test(code) && code.length <= EXACT_DIGITS
}

/** The map of a numeric code: the barcodes, or the internal codes of its chain. */
function numbered(registry: Registry, code: number, chainId: string): Map<number, number> {
  if (isSharedCode(code)) return registry.barcodes
  let codes = registry.internal.get(chainId)
  if (codes === undefined) {
    codes = new Map()
    registry.internal.set(chainId, codes)
  }
  return codes
}

/** The id of the product with a numeric code (`readDigits`); creates one for a new product. */
export function productByDigits(registry: Registry, code: number, chainId: string): number {
  const codes = numbered(registry, code, chainId)
  const existing = codes.get(code)
  if (existing !== undefined) return existing
  const id = ++registry.lastProductId
  codes.set(code, id)
  registry.fresh.products.push({
    id,
    code: String(code),
    chainId: isSharedCode(code) ? null : chainId,
  })
  return id
}

/** The id of the product with a code that is not numeric; 0 for an empty code. */
export function productByText(registry: Registry, itemCode: string, chainId: string): number {
  const key = productKey(itemCode, chainId)
  if (key === null) return 0
  if (isNumber(key.code)) return productByDigits(registry, Number(key.code), chainId)
  const text = `${key.chainId ?? ''}/${key.code}`
  const existing = registry.byText.get(text)
  if (existing !== undefined) return existing
  const id = ++registry.lastProductId
  registry.byText.set(text, id)
  registry.fresh.products.push({ id, ...key })
  return id
}

/**
 * The id of a store; creates one for a new store. The slug of its file is kept as a name of its
 * chain.
 */
export function storeId(
  registry: Registry,
  chainId: string,
  storeNumber: number,
  slug: string,
): number {
  rememberSlug(registry, chainId, slug)
  const key = `${chainId}/${storeNumber}`
  const existing = registry.stores.get(key)
  if (existing !== undefined) return existing
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

/** The id of a chain's promotion; creates one for a new promotion. */
export function promotionId(registry: Registry, chainId: string, code: string): number {
  const key = `${chainId}/${code}`
  const existing = registry.promotions.get(key)
  if (existing !== undefined) return existing
  const id = ++registry.lastPromotionId
  registry.promotions.set(key, id)
  registry.fresh.promotions.push({ id, chainId, code })
  return id
}

/** The id of the terms read from a new wording. Registers the wording. */
export function termsId(registry: Registry, wording: number, content: PromotionContent): number {
  const digest = digestContent(content).toString('hex')
  let id = registry.termsByDigest.get(digest)
  if (id === undefined) {
    id = ++registry.lastTermsId
    registry.termsByDigest.set(digest, id)
    registry.fresh.terms.push({ id, digest, ...content })
  }
  registry.termsByWording.set(wording, id)
  registry.fresh.termsWordings.push({ wording, termsId: id })
  return id
}
