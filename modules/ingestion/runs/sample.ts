import type { Sql } from '../../../src/db/connect.ts'
import { emptyCatalog } from '../../catalog/index.ts'
import { emptyPrices, emptyPromotions } from '../../pricing/index.ts'
import { assertLocked } from './lock.ts'
import { emptyStaging } from './publish.ts'

/** The dataset id of the generated sample: no owner on Kaggle has this name. */
export const SAMPLE_DATASET_ID = 'super-zol/sample'

/**
 * Forgets the sample dataset, so that invented prices never stand beside real ones. Does nothing unless the sample is
 * all that was ever loaded. Returns whether it did. Of the runs, the present one stays.
 */
export async function forgetSample(
  db: Sql,
  run: { runId: number; backendPid: number },
): Promise<boolean> {
  const [loaded] = await db<{ sample: boolean | null }[]>`
    select bool_and(dataset_id = ${SAMPLE_DATASET_ID}) as sample from ingestion.datasets`
  if (loaded?.sample !== true) return false
  await db.begin(async (tx) => {
    await assertLocked(tx, run.backendPid)
    await emptyPrices(tx)
    await emptyPromotions(tx)
    await tx`truncate ingestion.rejects, ingestion.files, ingestion.datasets, ingestion.wordings`
    await tx`delete from ingestion.runs where id <> ${run.runId}`
    await emptyStaging(tx)
    await emptyCatalog(tx)
    const [row] = await tx<{ number: string }[]>`
      update core.generation set number = number + 1, published_at = now(), last_observed_at = null,
        stale_before = null, stats = '{}' returning number`
    await tx`select pg_notify('generation', ${row?.number ?? ''})`
  })
  return true
}
