import { createHash } from 'node:crypto'
import type { Sql, Tx } from '../../../src/db/connect.ts'
import type { Description } from './description.ts'
import type { Fresh } from './registry.ts'
import { stagePromotions } from './stage-promotions.ts'

/** A rejected row with its raw text. `listRow` counts from 1 within its source file. */
export type Reject = { line: number; reason: string; raw: string; listRow: number }

/**
 * A list in ascending order of keys: products with their prices in agorot (0 = not for sale), or
 * promotions with their terms (0 = switched off).
 */
export type ReadList = {
  sha256: Buffer
  storeId: number
  moment: number
  full: boolean
  fileName: string
  rows: number
  keys: Int32Array
  values: Int32Array
}

/**
 * The facts about one store in a store file; `describedBy` orders files by timestamp, name and
 * digest.
 */
export type StoreFacts = {
  storeId: number
  describedBy: string
  facts: Record<string, string | null>
}

/** The content of one source file, staged in one transaction. */
export type SourceFileResult = {
  fileName: string
  rows: number
  sha256: Buffer
  list: ReadList | null
  storeFacts: StoreFacts[]
  descriptions: Description[]
  rejects: Reject[]
}

/** The origin of staged rows and the table for their lists. */
export type Origin = {
  lists: StagedLists
  runId: number
  datasetId: number
  version: string
  fileName: string
}

/** The tables for staged and published lists, and the columns of their keys and values. */
export type StagedLists = { staged: string; published: string; keys: string; values: string }
export const PRICE_LISTS: StagedLists = {
  staged: 'ingestion.staged_lists',
  published: 'pricing.price_lists',
  keys: 'product_ids',
  values: 'agorot',
}
export const PROMOTION_LISTS: StagedLists = {
  staged: 'ingestion.staged_promotion_lists',
  published: 'pricing.promotion_lists',
  keys: 'promotion_ids',
  values: 'terms_ids',
}

/** Whether the list with this digest is already published or staged. */
export async function isKnownList(
  db: Sql,
  { published, staged }: StagedLists,
  sha256: Buffer,
): Promise<boolean> {
  const [row] = await db<{ known: boolean }[]>`
    select exists (select from ${db(published)} where sha256 = ${sha256})
        or exists (select from ${db(staged)} where sha256 = ${sha256}) as known`
  return row?.known === true
}

/**
 * Stages one source file with the new products and stores in one transaction, so that a later run
 * resumes after it. `assertLocked` runs in that transaction.
 */
export async function stageSourceFile(
  db: Sql,
  fresh: Fresh,
  origin: Origin,
  result: SourceFileResult,
  assertLocked: (tx: Tx) => Promise<void>,
): Promise<void> {
  const { products, stores, slugs } = fresh
  await db.begin(async (tx) => {
    await assertLocked(tx)
    if (slugs.length > 0) {
      await tx`insert into ingestion.staged_chains (chain_id, slug)
        select "chainId", slug from jsonb_to_recordset(${tx.json(slugs)}) as x ("chainId" text, slug text)`
    }
    if (stores.length > 0) {
      await tx`insert into ingestion.staged_stores (id, chain_id, store_number)
        select id, "chainId", "storeNumber"
        from jsonb_to_recordset(${tx.json(stores)}) as x (id integer, "chainId" text, "storeNumber" integer)`
    }
    if (products.length > 0) {
      await tx`insert into ingestion.staged_products (id, code, chain_id)
        select id, code, "chainId"
        from jsonb_to_recordset(${tx.json(products)}) as x (id integer, code text, "chainId" text)`
    }
    await stagePromotions(tx, fresh)
    if (result.list !== null) await stageList(tx, origin, result.list)
    if (result.storeFacts.length > 0) {
      await tx`insert into ingestion.staged_store_facts (store_id, described_by, facts)
        select distinct on ("storeId", "describedBy") "storeId", "describedBy", facts
        from jsonb_to_recordset(${tx.json(result.storeFacts)}) as x ("storeId" integer, "describedBy" text, facts jsonb)
        on conflict do nothing`
    }
    if (result.descriptions.length > 0) await stageDescriptions(tx, result.descriptions)
    if (result.rejects.length > 0) await stageRejects(tx, origin, result)
  })
}

async function stageList(tx: Tx, { lists, fileName }: Origin, list: ReadList): Promise<void> {
  const keys = bytesOf(list.keys)
  const values = bytesOf(list.values)
  const content = createHash('sha256').update(keys).update(values).digest()
  await tx`insert into ${tx(lists.staged)} (sha256, file, store_id, observed_at, kind, file_name, content, rows,
      ${tx(lists.keys)}, ${tx(lists.values)})
    values (${list.sha256}, ${fileName}, ${list.storeId}, ${new Date(list.moment)}, ${list.full ? 'full' : 'delta'}, ${list.fileName},
      ${content}, ${list.rows}, ${keys}, ${values})
    on conflict do nothing`
}

function bytesOf(column: Int32Array): Buffer {
  return Buffer.from(column.buffer, column.byteOffset, column.byteLength)
}

/**
 * The numbers of a staged column: four bytes each, little-endian as on every machine that Bun runs
 * on.
 */
export function numbersOf(bytes: Uint8Array): Int32Array {
  return new Int32Array(bytes.slice().buffer)
}

async function stageDescriptions(tx: Tx, descriptions: Description[]): Promise<void> {
  await tx`insert into ingestion.staged_descriptions (wording, product_id, chain_id, hash, first_observed_at, name, manufacturer,
      country, unit_of_measure, unit_quantity, is_weighted, extra)
    select wording, "productId", "chainId", hash, to_timestamp("firstObservedAt" / 1000.0), name, manufacturer,
      country, "unitOfMeasure", "unitQuantity", "isWeighted", extra
    from jsonb_to_recordset(${tx.json(descriptions)}) as x (wording bigint, "productId" integer, "chainId" text, hash bigint,
      "firstObservedAt" bigint, name text, manufacturer text, country text, "unitOfMeasure" text,
      "unitQuantity" numeric, "isWeighted" boolean, extra jsonb)`
}

async function stageRejects(
  tx: Tx,
  origin: Origin,
  { sha256, rejects }: SourceFileResult,
): Promise<void> {
  const rows = rejects.map((reject) => ({
    ...reject,
    reason: reject.reason.replaceAll('\0', '\uFFFD'),
  }))
  await tx`insert into ingestion.staged_rejects (run_id, dataset, file_name, line, reason, raw, list_sha256, list_row)
    select ${origin.runId}::integer, ${origin.version}::text, ${origin.fileName}::text, line, reason, raw, ${sha256}::bytea, "listRow"
    from jsonb_to_recordset(${tx.json(rows)}) as x (line bigint, reason text, raw text, "listRow" integer)
    on conflict do nothing`
}
