import type { Choice } from '../../../modules/ingestion/index.ts'
import { UsageError } from '../arguments.ts'

/** Reads which versions of a Kaggle dataset to load; the newest by default. */
export const CHOICE_OPTIONS = {
  version: { type: 'string' },
  all: { type: 'boolean', default: false },
  since: { type: 'string' },
} as const

export function readChoice({
  version,
  all,
  since,
}: {
  version?: string
  all: boolean
  since?: string
}): Choice {
  if ([version !== undefined, all, since !== undefined].filter(Boolean).length > 1)
    throw new UsageError('--version, --all and --since exclude each other')
  if (version !== undefined && !/^[1-9]\d{0,8}$/.test(version))
    throw new UsageError('--version must be a number')
  if (since !== undefined && !isDay(since))
    throw new UsageError('--since must be a day such as 2026-08-20')
  return {
    all,
    ...(version === undefined ? {} : { version: Number(version) }),
    ...(since === undefined ? {} : { since }),
  }
}

function isDay(text: string): boolean {
  const moment = new Date(`${text}T00:00:00Z`)
  return (
    !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text) && text.length === 10
  )
}
