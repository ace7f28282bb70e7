import type { Version } from '../files/versions.ts'
import type { VersionLoad } from './load-version.ts'

/**
 * A source of dataset versions: paths (`path-source.ts`) or Kaggle. A run takes its lock before it
 * uses its source, and requests a version after loading the previous one.
 */
export type DatasetSource = {
  /**
   * The versions to load, in this order. If it rejects, `ingest` throws the same error and writes
   * nothing (a path without a version: `NoVersionError`). An error in the iteration fails the run.
   */
  versions(run: AskingRun): Promise<Iterable<SourceVersion> | AsyncIterable<SourceVersion>>
}

/** What a source may use of the calling run. */
export type AskingRun = {
  /**
   * Whether the version is completely loaded, so that the source may skip it. Always false under
   * `--force`.
   */
  isLoaded(name: string): Promise<boolean>
  /** Aborts when the run cannot go on. */
  signal: AbortSignal
}

/** A version that its source offers and has not downloaded yet. */
export type SourceVersion = {
  /** The name in `ingestion.datasets.version` and for `isLoaded`. */
  name: string
  /**
   * Downloads and opens the version, which has the same name; the run closes it. It may take an
   * hour. `report` gets the progress (0–1). It rejects at once when `signal` aborts. A rejection
   * fails only this version.
   */
  open(work: { signal: AbortSignal; report(done: number): void }): Promise<Version>
  /**
   * Called with the result after the version is published and before it is closed; `summary.errors`
   * name the files that failed. It is not called for a dry run or an aborted load. Returns the key
   * of the version's manifest in the storage, if the version is kept.
   */
  finished?(version: Version, load: VersionLoad): Promise<string | undefined>
}
