import { setTimeout } from 'node:timers'
import type { Generation } from '../db/generation.ts'
import type { Family, Metrics } from './metrics.ts'

const DEADLINE_MS = 2000

/** The results of the newest ingestion runs. */
export type RunsSeen = {
  status: string
  last_at: Date
  newest: boolean
  /** The number of lists in the run with a time in the future. */
  lists_ahead: number
}[]

/**
 * Metrics of the generation that this process serves, its age, and the newest runs in the database.
 * While the database is unavailable, `super_zol_database_up` is 0 and the metrics of runs are
 * absent.
 */
export function describeDataset(
  metrics: Metrics,
  from: { generation: () => Generation | null; runs: () => Promise<RunsSeen> },
): void {
  metrics.families(() => {
    const generation = from.generation()
    return generation === null ? [] : familiesOf(generation)
  })
  metrics.families(async () => {
    const late = new Promise<null>((resolve) => setTimeout(resolve, DEADLINE_MS, null).unref())
    const runs = await Promise.race([from.runs().catch(() => null), late])
    const up = gauge('super_zol_database_up', 'Does the database answer?', [
      { value: runs === null ? 0 : 1 },
    ])
    return runs === null ? [up] : [up, ...ofRuns(runs)]
  })
}

function familiesOf({ number, publishedAt, lastObservedAt, stats }: Generation): Family[] {
  const rows = Object.entries(stats).map(([of, value]) => ({ labels: { of }, value }))
  return [
    gauge('super_zol_dataset_generation', 'Counted up by every publish.', [{ value: number }]),
    gauge(
      'super_zol_dataset_published_timestamp_seconds',
      'When it was published.',
      moment(publishedAt),
    ),
    gauge(
      'super_zol_dataset_observed_timestamp_seconds',
      'The newest observation of any store.',
      moment(lastObservedAt),
    ),
    gauge('super_zol_dataset_rows', 'Counted when it was published.', rows),
  ]
}

function ofRuns(runs: RunsSeen): Family[] {
  const last = runs.map(({ status, last_at }) => ({
    labels: { status },
    value: last_at.getTime() / 1000,
  }))
  const newest = runs.map(({ status, newest }) => ({ labels: { status }, value: newest ? 1 : 0 }))
  return [
    gauge(
      'super_zol_ingestion_last_timestamp_seconds',
      'The last run of each status; running: when it began.',
      last,
    ),
    gauge('super_zol_ingestion_status', '1 for the status of the newest run.', newest),
    gauge(
      'super_zol_ingestion_future_lists',
      'Lists that the newest run refused for their moment, which was still to come.',
      runs.filter((run) => run.newest).map(({ lists_ahead }) => ({ value: lists_ahead })),
    ),
  ]
}

function moment(at: Date | null) {
  return at === null ? [] : [{ value: at.getTime() / 1000 }]
}

function gauge(name: string, help: string, samples: Family['samples']): Family {
  return { name, help, type: 'gauge', samples }
}
