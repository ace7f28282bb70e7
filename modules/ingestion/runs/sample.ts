import type { Db, Tx } from '../../../src/db/connect.ts'
import { emptyCatalog } from '../../catalog/index.ts'
import { emptyPrices, emptyPromotions } from '../../pricing/index.ts'

/** The dataset id of the generated sample: no owner on Kaggle has this name. */
export const SAMPLE_DATASET_ID = 'super-zol/sample'

/** Whether only the generated sample was ever published. */
export async function holdsSampleOnly(db: Db): Promise<boolean> {
  const [row] = await db<{ sample: boolean; real: boolean }[]>`
    select exists (select from ingestion.datasets where dataset_id = ${SAMPLE_DATASET_ID}) as sample,
      exists (select from ingestion.files f join ingestion.datasets d on d.id = f.dataset_id
        where d.dataset_id <> ${SAMPLE_DATASET_ID}) as real`
  return row?.sample === true && !row.real
}

/**
 * Removes the sample in the transaction that publishes its replacement, so that invented and real
 * prices never mix and a failed load keeps the sample. Rows are deleted, not truncated, so that
 * readers see them until the commit. The row of the current run stays.
 */
export async function removeSample(tx: Tx, runId: number): Promise<void> {
  await emptyPrices(tx)
  await emptyPromotions(tx)
  await tx`delete from ingestion.rejects`
  await tx`delete from ingestion.files`
  await tx`delete from ingestion.wordings`
  await tx`delete from ingestion.terms_wordings`
  await tx`delete from ingestion.datasets where dataset_id = ${SAMPLE_DATASET_ID}`
  await tx`delete from ingestion.runs where id <> ${runId}`
  await emptyCatalog(tx)
  // each publish adjusts these totals
  await tx`update core.generation set stats = '{}'`
}
