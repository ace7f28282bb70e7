import { afterAll, beforeAll, expect, test } from 'bun:test'
import { join } from 'node:path'
import { ingest, keepingSource, pathSource } from '../../../modules/ingestion/index.ts'
import { runIngest } from '../../../modules/ingestion/testing/command.ts'
import {
  type Bench,
  currentOf,
  DATASET,
  fullLists,
  item,
  openBench,
} from '../../../modules/ingestion/testing/ingest.ts'
import { readEnv } from '../../env.ts'
import { openFileStorage } from '../../storage/open-storage.ts'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.close())

test('ingest archive loads the archived files of one day or of all days', async () => {
  const paths: string[] = []
  for (const day of ['01', '02']) {
    const list = fullLists([{ at: `202605${day}0300`, rows: [item('101', `${day}.50`)] }])
    paths.push(await bench.write(`2026-05-${day}`, { 'price_full_file_x.csv': list }))
  }
  const storage = openFileStorage(readEnv({ DATA_DIR: bench.folder }))
  const keeping = { storage, datasetId: DATASET, source: 'here', keepArchives: 9, keepRaw: 9 }
  const options = { datasetId: DATASET, staleAfterDays: 7, trigger: 'test' }
  await ingest(bench.url, keepingSource(pathSource(paths), keeping), options)
  await bench.empty()

  const archive = (...args: string[]) =>
    runIngest(bench.url, ['archive', ...args], { DATA_DIR: bench.folder })
  const absent = await archive('2026-06-01')
  expect(absent).toMatchObject({ code: 2, stdout: '' })
  expect(absent.stderr).toBe(
    `Cannot load 2026-06-01: it is not kept in ${join(bench.folder, 'files')}\n`,
  )
  expect((await archive('2026-05-01')).code).toBe(0)
  expect(await currentOf(bench.sql)).toEqual([expect.stringMatching(/ 1\.50$/)])
  expect((await archive()).code).toBe(0)
  expect(await currentOf(bench.sql)).toEqual([expect.stringMatching(/ 2\.50$/)])
})
