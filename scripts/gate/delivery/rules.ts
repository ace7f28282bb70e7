import type { Manifest } from './manifest.ts'
import type { Rule } from './rule.ts'
import { networkRules } from './rules-network.ts'
import { objectRules } from './rules-objects.ts'
import { podRules } from './rules-pods.ts'
import { quotaRules } from './rules-quota.ts'
import { referenceRules } from './rules-references.ts'

export const rules: Rule[] = [
  ...podRules,
  ...objectRules,
  ...quotaRules,
  ...referenceRules,
  ...networkRules,
]

/** The violations as `rule: what`, with the reason. */
export function breaches(objects: Manifest[]): string[] {
  return rules.flatMap(({ name, reason, check }) =>
    check(objects).map((what) => `${name}: ${what}\n  ${reason}`),
  )
}
