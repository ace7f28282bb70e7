import type { Sql, Tx } from '../../../src/db/connect.ts'
import { israelDate } from '../../../src/israel-time.ts'
import {
  observeStores,
  publishProducts,
  publishStores,
  updateCards,
  updateSales,
} from '../../catalog/index.ts'
import {
  type ChainTerms,
  computeStoreIndexes,
  freshStores,
  markRefreshed,
  type NewList,
  noteItemObjections,
  publishPrices,
  publishPromotions,
  rangePrices,
  rangeSales,
  refreshReductions,
  refreshSales,
  settleWeights,
} from '../../pricing/index.ts'
import { numbersOf, PRICE_LISTS, PROMOTION_LISTS, type StagedLists } from '../staging/staging.ts'
import type * as tables from '../tables.ts'
import { assertLocked } from './lock.ts'
import { removeSample, SAMPLE_DATASET_ID } from './sample.ts'

/** The changes of a publish. */
export type PublishSummary = {
  changed: boolean
  generation: number
  lists: number
  newStores: number
  newProducts: number
  spansAdded: number
  spansChanged: number
  spansRemoved: number
  promotionLists: number
  promotionsAdded: number
  promotionsChanged: number
  promotionsRemoved: number
  /** The ids of the terms in the promotion lists, by chain. */
  promotionTerms: ChainTerms[]
  cards: number
}

/** Largest number of staged prices processed at a time, to limit memory. */
const BATCH_PRICES = 200_000
const DAY = 86_400_000

/**
 * Publishes everything staged for a dataset version in one transaction, so that readers see the
 * state before or after it. Writes products, lists, spans, price summaries, rejects and file
 * digests. If anything changed, adds one to the generation and an event to the outbox
 * (docs/adr/0003-two-phase-loading.md).
 */
export async function publishStaged(
  db: Sql,
  run: {
    runId: number
    datasetId: number
    staleAfterDays: number
    backendPid: number
    /** The latest timestamp that a list of the version may have. */
    notAfter: number
    /** Whether the sample is removed in this publish. */
    replacesSample: boolean
  },
): Promise<PublishSummary> {
  return await db.begin(async (tx) => {
    await assertLocked(tx, run.backendPid)
    const published = await readGeneration(tx)
    if (run.replacesSample) await removeSample(tx, run.runId)
    const before = run.replacesSample
      ? { ...published, lastObservedAt: null, staleBefore: null }
      : published
    const stores = await publishStores(tx, {
      chains: 'ingestion.staged_chains',
      stores: 'ingestion.staged_stores',
      facts: 'ingestion.staged_store_facts',
    })
    const prices = await publishPrices(tx, stagedLists(tx, PRICE_LISTS))
    const promotions = await publishPromotions(
      tx,
      {
        keys: 'ingestion.staged_promotion_keys',
        terms: 'ingestion.staged_promotion_terms',
        products: 'ingestion.staged_products',
      },
      stagedLists(tx, PROMOTION_LISTS),
    )
    const observed = await tx<{ storeId: number; moment: number }[]>`
      select store_id as "storeId", (extract(epoch from max(observed_at)) * 1000)::float8 as moment
      from ingestion.staged_lists group by store_id`
    const fresh = await freshStores(tx, before.staleBefore)
    if (observed.length > 0) await observeStores(tx, observed)

    const newest = await newestObservation(tx, run.notAfter)
    const lastObservedAt = newest === null ? null : new Date(newest)
    const staleBefore = newest === null ? null : new Date(newest - run.staleAfterDays * DAY)
    const refreshed = await markRefreshed(tx, fresh, await freshStores(tx, staleBefore))
    await rangePrices(tx, staleBefore)
    const products = await publishProducts(tx, {
      products: 'ingestion.staged_products',
      descriptions: 'ingestion.staged_descriptions',
      ranges: 'price_ranges',
    })
    const isMoved = [
      prices.changedStores.size,
      refreshed.length,
      products.newProducts,
      products.described,
    ]
    if (isMoved.some((count) => count > 0)) await computeStoreIndexes(tx, staleBefore)
    const today = israelDate(lastObservedAt?.getTime() ?? 0)
    const settled = await settleWeights(tx)
    await noteItemObjections(tx)
    const moved = [...prices.changedStores, ...promotions.changedStores, ...settled]
    await refreshSales(tx, { changed: moved, refreshed, reweighed: 'reweighed_products' }, today)
    await rangeSales(tx, staleBefore)
    await refreshReductions(tx, ['changed_products', 'changed_sales', 'reweighed_products'], {
      today,
      before: israelDate(before.lastObservedAt ?? 0),
      staleBefore,
    })
    const cards =
      (await updateCards(tx, { products: 'changed_products', ranges: 'price_ranges' })) +
      (await updateSales(tx, { products: 'changed_sales', ranges: 'sale_ranges' }))

    const newRejects = await publishRecords(tx)
    const changed = [prices.lists, prices.added, prices.changed, prices.removed, cards, newRejects]
      .concat(promotions.lists, promotions.added, promotions.changed, promotions.removed)
      .concat(stores.newStores, stores.described, products.newProducts, products.described)
      .some((count) => count > 0)
    let generation = before.number
    if (changed) {
      generation = await countUp(tx, { lastObservedAt, staleBefore, prices, promotions })
      await announce(tx, generation, run)
    }
    return {
      changed,
      generation,
      lists: prices.lists,
      newStores: stores.newStores,
      newProducts: products.newProducts,
      spansAdded: prices.added,
      spansChanged: prices.changed,
      spansRemoved: prices.removed,
      promotionLists: promotions.lists,
      promotionsAdded: promotions.added,
      promotionsChanged: promotions.changed,
      promotionsRemoved: promotions.removed,
      promotionTerms: promotions.chains,
      cards,
    }
  })
}

/**
 * The newest observation of any store, in epoch milliseconds. Future timestamps, which older
 * programs accepted from file names, are ignored, because they would make other stores stale.
 */
async function newestObservation(tx: Tx, notAfter: number): Promise<number | null> {
  const latest = new Date(Math.max(notAfter, Date.now() + DAY))
  const [row] = await tx<{ newest: number | null }[]>`
    select (extract(epoch from max(last_observed_at)) * 1000)::float8 as newest
    from catalog.stores where last_observed_at <= ${latest}`
  return row?.newest ?? null
}

type StagedRow = Omit<
  typeof tables.stagedLists.$inferSelect,
  'observed_at' | 'product_ids' | 'agorot'
> & {
  moment: number
  keys: Buffer
  values: Buffer
}

/** The staged lists in batches; all lists of a store are in the same batch. */
async function* stagedLists(
  tx: Tx,
  { staged, keys, values }: StagedLists,
): AsyncGenerator<NewList[]> {
  const sizes = await tx<{ store_id: number; prices: number }[]>`
    select store_id, (sum(octet_length(${tx(values)})) / 4)::float8 as prices from ${tx(staged)}
    group by store_id order by store_id`
  for (let i = 0; i < sizes.length; ) {
    const stores: number[] = []
    for (let held = 0; i < sizes.length && (stores.length === 0 || held < BATCH_PRICES); i++) {
      held += sizes[i]?.prices ?? 0
      stores.push(sizes[i]?.store_id ?? 0)
    }
    const rows = await tx<StagedRow[]>`
      select sha256, store_id, (extract(epoch from observed_at) * 1000)::float8 as moment, kind, file_name, content, rows,
        ${tx(keys)} as keys, ${tx(values)} as values
      from ${tx(staged)} where store_id = any(${stores})`
    yield rows.map((row) => ({
      sha256: row.sha256,
      storeId: row.store_id,
      moment: row.moment,
      full: row.kind === 'full',
      fileName: row.file_name,
      content: row.content,
      rows: row.rows,
      keys: numbersOf(row.keys),
      values: numbersOf(row.values),
    }))
  }
}

/**
 * Publishes the rejects and the digests of the files read, and empties the staging. Returns the
 * number of new rejects.
 */
async function publishRecords(tx: Tx): Promise<number> {
  const rejects =
    await tx`insert into ingestion.rejects (run_id, dataset, file_name, line, reason, raw, list_sha256, list_row)
    select run_id, dataset, file_name, line, reason, raw, list_sha256, list_row from ingestion.staged_rejects
    order by file_name, line on conflict do nothing`
  await tx`insert into ingestion.wordings as known (wording, first_observed_at)
    select wording, min(first_observed_at) from ingestion.staged_descriptions group by wording
    on conflict (wording) do update set first_observed_at = excluded.first_observed_at
      where known.first_observed_at > excluded.first_observed_at`
  await tx`insert into ingestion.terms_wordings (wording, terms_id)
    select wording, terms_id from ingestion.staged_terms_wordings on conflict do nothing`
  await tx`insert into ingestion.files (dataset_id, name, sha256, bytes, rows, rejects)
    select dataset_id, name, sha256, bytes, rows, rejects from ingestion.staged_files order by name
    on conflict do nothing`
  await emptyStaging(tx)
  return rejects.count
}

/** Deletes everything staged. */
export async function emptyStaging(tx: Tx): Promise<void> {
  await tx`truncate ingestion.staging, ingestion.staged_lists, ingestion.staged_promotion_lists,
    ingestion.staged_promotion_keys, ingestion.staged_promotion_terms, ingestion.staged_terms_wordings,
    ingestion.staged_chains, ingestion.staged_stores,
    ingestion.staged_store_facts, ingestion.staged_products, ingestion.staged_descriptions, ingestion.staged_rejects,
    ingestion.staged_files`
}

type Before = { number: number; lastObservedAt: number | null; staleBefore: Date | null }

async function readGeneration(tx: Tx): Promise<Before> {
  const [row] = await tx<{ number: string; at: number | null; stale_before: Date | null }[]>`
    select number, (extract(epoch from last_observed_at) * 1000)::float8 as at, stale_before from core.generation for update`
  return {
    number: Number(row?.number),
    lastObservedAt: row?.at ?? null,
    staleBefore: row?.stale_before ?? null,
  }
}

type Moved = { spansMoved: number; currentMoved: number }
type After = {
  lastObservedAt: Date | null
  staleBefore: Date | null
  prices: Moved
  promotions: Moved
}

/**
 * Adds one to the generation. Totals of prices are updated by their changes; the other tables are
 * small enough to count.
 */
async function countUp(tx: Tx, after: After): Promise<number> {
  const [row] = await tx<{ number: string }[]>`
    update core.generation set number = number + 1, published_at = now(), last_observed_at = ${after.lastObservedAt},
      stale_before = ${after.staleBefore},
      stats = jsonb_build_object(
        'chains', (select count(*) from catalog.chains),
        'stores', (select count(*) from catalog.stores),
        'products', (select count(*) from catalog.products),
        'current_prices', coalesce((stats ->> 'current_prices')::bigint, 0) + ${after.prices.currentMoved}::bigint,
        'price_spans', coalesce((stats ->> 'price_spans')::bigint, 0) + ${after.prices.spansMoved}::bigint,
        'current_promotions', coalesce((stats ->> 'current_promotions')::bigint, 0) + ${after.promotions.currentMoved}::bigint,
        'rejects', (select count(*) from ingestion.rejects),
        'sample', (select least(count(*), 1) from ingestion.datasets
          where dataset_id = ${SAMPLE_DATASET_ID}))
    returning number`
  return Number(row?.number)
}

async function announce(
  tx: Tx,
  generation: number,
  run: { runId: number; datasetId: number },
): Promise<void> {
  const event = { generation, run_id: run.runId, dataset_id: run.datasetId }
  await tx`insert into core.outbox (type, payload) values ('ingestion.completed', ${tx.json(event)})`
  await tx`select pg_notify('generation', ${String(generation)})`
}
