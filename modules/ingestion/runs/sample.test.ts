import { afterAll, beforeAll, expect, test } from 'bun:test'
import { join } from 'node:path'
import { writeSample } from '../../../scripts/sample/generate.ts'
import { SAMPLE_DATASET_ID } from '../index.ts'
import {
  type Bench,
  fullLists,
  item,
  marketOf,
  openBench,
  snapshotOf,
  spansOf,
} from '../testing/ingest.ts'
import { stopBefore } from '../testing/stops.ts'

let bench: Bench
let real: string
let sample: string[]
beforeAll(async () => {
  bench = await openBench()
  const folder = join(bench.folder, 'sample')
  sample = await writeSample(folder, { days: 3, stores: 6, products: 40 })
  const list = fullLists([{ at: '202605010300', rows: [item('101', '5'), item('102', '6')] }])
  real = await bench.write('2026-05-01', { 'price_full_file_x.csv': list })
  expect(await bench.ingest(sample, { datasetId: SAMPLE_DATASET_ID })).toMatchObject({ errors: [] })
})
afterAll(() => bench.close())

const published = async () => {
  const snapshot = Object.entries(await snapshotOf(bench.sql))
  return Object.fromEntries(snapshot.filter(([table]) => /^(catalog|pricing)\./.test(table)))
}

test('a failed first real load leaves the sample unchanged', async () => {
  const before = await published()
  await bench.sql.unsafe(`
    create function public.fail() returns trigger language plpgsql as $$ begin
      raise exception 'could not extend file: No space left on device' using errcode = '53100';
    end $$;
    create trigger fail before insert on core.outbox execute function public.fail()`)
  const summary = await bench.ingest([real])
  expect(summary).toMatchObject({ status: 'failed', sample_removed: false })
  expect(await published()).toEqual(before)
  await bench.sql`drop trigger fail on core.outbox`
})

test('readers see the sample until real data replaces it, then none of it', async () => {
  const before = await spansOf(bench.sql)
  const stop = await stopBefore(bench.url, 'core.outbox')
  const running = bench.ingest([real])
  await stop.reached()
  expect(await spansOf(bench.sql)).toEqual(before)
  await stop.release()
  expect(await running).toMatchObject({ status: 'completed', errors: [], sample_removed: true })

  const replaced = await marketOf(bench.sql)
  const [stats] = await bench.sql`select stats from core.generation`
  const datasets = await bench.sql`select distinct dataset_id from ingestion.datasets`
  expect([...datasets]).toEqual([{ dataset_id: 'super-zol/test' }])
  await bench.empty()
  await bench.ingest([real])
  expect(replaced).toEqual(await marketOf(bench.sql))
  expect(await bench.sql`select stats from core.generation`).toMatchObject([stats])
})
