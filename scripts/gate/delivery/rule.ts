import type { Manifest } from './manifest.ts'

/** What every overlay must keep to, besides the schemas. */
export interface Rule {
  name: string
  /** A sentence. */
  reason: string
  /** What breaks it: one line for each. */
  check: (objects: Manifest[]) => string[]
}
