import type { Manifest } from './manifest.ts'

/** A rule for every overlay, in addition to the schemas. */
export interface Rule {
  name: string
  /** The reason of the rule, in one sentence. */
  reason: string
  /** Returns the violations, one line each. */
  check: (objects: Manifest[]) => string[]
}
