import { baskets } from './baskets.ts'
import { cheapestStores } from './cheapest-stores.ts'
import type { Check } from './check.ts'
import { comparison } from './comparison.ts'
import { customQueries } from './custom-query.ts'
import { deals } from './deals.ts'
import { packedSpans } from './packed-spans.ts'
import { priceChanges } from './price-changes.ts'
import { trends } from './trends.ts'

export const checks: Check[] = [
  packedSpans,
  comparison,
  trends,
  cheapestStores,
  deals,
  priceChanges,
  customQueries,
  baskets,
]
