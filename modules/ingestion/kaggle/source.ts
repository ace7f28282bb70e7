import { join } from 'node:path'
import type { Logger } from '../../../src/log.ts'
import type { AskingRun, DatasetSource, SourceVersion } from '../runs/dataset-source.ts'
import { type Choice, chooseVersions, dayOf } from './choose-versions.ts'
import type { Kaggle } from './client/client.ts'
import { type DatasetVersion, viewDataset } from './dataset.ts'
import { openFolder, openFolderApart, removeAbandoned } from './download/download-folder.ts'
import { fetchVersion } from './fetch-version.ts'

export type KaggleSourceOptions = {
  choice: Choice
  /** Folder for versions of any dataset while they are downloaded and loaded. */
  downloads: string
  dryRun: boolean
  log: Logger
}

/**
 * The versions of a Kaggle dataset by number. One request finds that there is nothing to load. A
 * failure is recorded as the run's.
 */
export function kaggleSource(
  open: () => Promise<Kaggle>,
  options: KaggleSourceOptions,
): DatasetSource {
  return { versions: async (run) => offer(run, open, options) }
}

async function* offer(
  { isLoaded, signal }: AskingRun,
  open: () => Promise<Kaggle>,
  options: KaggleSourceOptions,
): AsyncGenerator<SourceVersion> {
  const kaggle = await open()
  const dataset = await viewDataset(kaggle, signal)
  const chosen = await chooseVersions(kaggle, dataset, { choice: options.choice, signal })
  await removeAbandoned(folderOf(kaggle, options), Date.now())
  for (const version of chosen) {
    if (!(await isLoaded(String(version.number)))) yield offered(kaggle, version, options)
  }
}

function folderOf({ dataset }: Kaggle, { downloads }: KaggleSourceOptions): string {
  return join(downloads, ...dataset.split('/'))
}

/** The download is removed after loading without an error; otherwise the next run uses it again. */
function offered(
  kaggle: Kaggle,
  { number, created }: DatasetVersion,
  options: KaggleSourceOptions,
): SourceVersion {
  const { dryRun, log } = options
  const name = String(number)
  let wanted = !dryRun
  return {
    name,
    async open({ signal, report }) {
      const folder = await (dryRun ? openFolderApart : openFolder)(
        folderOf(kaggle, options),
        number,
      )
      const leave = () => {
        if (!wanted) folder.remove()
      }
      try {
        const version = await fetchVersion(
          kaggle,
          { version: number, folder: folder.path, signal, report },
          log,
        )
        const close = () => {
          version.close()
          leave()
        }
        return { ...version, name, date: version.date ?? (dayOf(created ?? '') || null), close }
      } catch (error) {
        leave()
        throw error
      }
    },
    async finished(_, { summary }) {
      wanted = summary.errors.length > 0
    },
  }
}
