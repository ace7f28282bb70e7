import type { Version } from '../files/versions.ts'
import type { VersionLoad } from './load-version.ts'

/**
 * Where dataset versions come from: paths (`path-source.ts`), Kaggle. A run takes its lock, then asks its source; the
 * next version is asked for when the one before it is loaded.
 */
export type DatasetSource = {
  /**
   * The versions to load, in this order. What it rejects with is thrown by `ingest`, and nothing is written then (a
   * path without a version: `NoVersionError`). What the iteration throws fails the run.
   */
  versions(run: AskingRun): Promise<Iterable<SourceVersion> | AsyncIterable<SourceVersion>>
}

/** What a source may ask of the run that asks it. */
export type AskingRun = {
  /** Whether the version of this name is loaded whole, so that it need not be yielded. Under `--force` none is. */
  isLoaded(name: string): Promise<boolean>
  /** Aborts when the run cannot go on. */
  signal: AbortSignal
}

/** A version that its source has, and has not fetched yet. */
export type SourceVersion = {
  /** What it is kept under (`ingestion.datasets.version`), and what `isLoaded` is asked for. */
  name: string
  /**
   * Fetches and opens the version, which has the same name; the run closes it. It may take an hour: `report` is told
   * how much is there (0–1), and when `signal` aborts it rejects at once. What it rejects with fails this version
   * alone.
   */
  open(work: { signal: AbortSignal; report(done: number): void }): Promise<Version>
  /**
   * Told what became of the version when it is published, before it is closed; `summary.errors` name the files that
   * could not be loaded. It is not told of a dry run, nor of a load that broke off. Answers the key of the version's
   * manifest in the storage, where it is kept.
   */
  finished?(version: Version, load: VersionLoad): Promise<string | undefined>
}
