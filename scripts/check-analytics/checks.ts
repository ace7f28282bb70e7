import type { Check } from './check.ts'
import { comparison } from './comparison.ts'
import { packedSpans } from './packed-spans.ts'
import { trends } from './trends.ts'

export const checks: Check[] = [packedSpans, comparison, trends]
