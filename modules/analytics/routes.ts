import { Elysia } from 'elysia'
import type { Api } from '../../src/http/api.ts'
import { describe } from '../../src/http/route-docs.ts'
import { compareBasket, comparePostedBasket } from './basket-cost.ts'
import { optimizePostedBasket } from './basket-optimize.ts'
import { getBasketCost, postBasketCost, postBasketOptimize } from './basket-schemas.ts'
import { priceChangeList } from './change-schemas.ts'
import { listCheapStores } from './cheapest-stores.ts'
import { comparePrices } from './compare-prices.ts'
import { answerCustomQuery, type CustomLimits } from './custom-query.ts'
import { customQuery } from './custom-query-schemas.ts'
import { dealList } from './deal-schemas.ts'
import { listDeals } from './deals.ts'
import { listPriceChanges } from './price-changes.ts'
import { cheapStoreList, priceComparison, productTrend, trendList } from './schemas.ts'
import { listProductTrends, listTrends } from './trends.ts'

/** What the prices say together: who is cheap, what has changed, what a basket costs where. */
export function analyticsRoutes(api: Api, limits: { customQuery: CustomLimits }) {
  return new Elysia({ name: 'analytics', prefix: '/v1' })
    .get('/analytics/price-comparison', api.list(priceComparison, comparePrices), { detail: describe(priceComparison) })
    .get('/analytics/basket-cost', api.one(getBasketCost, compareBasket), { detail: describe(getBasketCost) })
    .post('/analytics/basket-cost', api.one(postBasketCost, comparePostedBasket), { detail: describe(postBasketCost) })
    .get('/analytics/price-changes', api.list(priceChangeList, listPriceChanges), { detail: describe(priceChangeList) })
    .post('/analytics/basket-optimize', api.one(postBasketOptimize, optimizePostedBasket), {
      detail: describe(postBasketOptimize),
    })
    .get('/analytics/deals', api.list(dealList, listDeals), { detail: describe(dealList) })
    .post(
      '/analytics/custom-query',
      api.list(customQuery, (view, { body }) => answerCustomQuery(view, body, limits.customQuery)),
      { detail: describe(customQuery) },
    )
    .get('/analytics/trends', api.list(trendList, listTrends), { detail: describe(trendList) })
    .get('/analytics/cheapest-stores', api.list(cheapStoreList, listCheapStores), { detail: describe(cheapStoreList) })
    .get('/prices/trends', api.list(productTrend, listProductTrends), { detail: describe(productTrend) })
}
