import type { DatasetSource, SourceVersion } from '../runs/dataset-source.ts'
import { type Keeping, keepVersion } from './version-archive.ts'

/**
 * A source that keeps its versions after loading. A version that cannot be kept is loaded anyway.
 */
export function keepingSource(source: DatasetSource, keeping: Keeping): DatasetSource {
  return { versions: async (run) => keepEach(await source.versions(run), keeping, run.signal) }
}

async function* keepEach(
  versions: Iterable<SourceVersion> | AsyncIterable<SourceVersion>,
  keeping: Keeping,
  signal: AbortSignal,
): AsyncGenerator<SourceVersion> {
  for await (const offered of versions) {
    let [startedAt, endedAt] = [new Date(), new Date()]
    yield {
      name: offered.name,
      async open(work) {
        startedAt = new Date()
        const version = await offered.open(work)
        endedAt = new Date()
        return version
      },
      async finished(version, load) {
        try {
          return await keepVersion(keeping, { version, load, startedAt, endedAt, signal })
        } finally {
          await offered.finished?.(version, load)
        }
      },
    }
  }
}
