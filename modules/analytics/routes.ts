import { Elysia } from 'elysia'
import type { Api } from '../../src/http/api.ts'
import { describe } from '../../src/http/docs/route-docs.ts'
import { compareBasket, comparePostedBasket } from './baskets/basket-cost.ts'
import { optimizePostedBasket } from './baskets/basket-optimize.ts'
import { getBasketCost, postBasketCost, postBasketOptimize } from './baskets/basket-schemas.ts'
import { comparePrices } from './comparison/compare-prices.ts'
import { priceChangeList } from './deals/change-schemas.ts'
import { dealList } from './deals/deal-schemas.ts'
import { listDeals } from './deals/deals.ts'
import { listPriceChanges } from './deals/price-changes.ts'
import { answerCustomQuery, type CustomLimits } from './queries/custom-query.ts'
import { customQuery } from './queries/custom-query-schemas.ts'
import { cheapStoreList, priceComparison, productTrend, trendList } from './schemas.ts'
import { listCheapStores } from './stores/cheapest-stores.ts'
import { listProductTrends, listTrends } from './trends/trends.ts'

/** What the prices say together: who is cheap, what has changed, what a basket costs where. */
export function analyticsRoutes(api: Api, limits: { customQuery: CustomLimits }) {
  return new Elysia({ name: 'analytics', prefix: '/v1' })
    .get('/analytics/price-comparison', api.list(priceComparison, comparePrices), {
      detail: describe(priceComparison),
    })
    .get('/analytics/basket-cost', api.one(getBasketCost, compareBasket), {
      detail: describe(getBasketCost),
    })
    .post('/analytics/basket-cost', api.one(postBasketCost, comparePostedBasket), {
      detail: describe(postBasketCost),
    })
    .get('/analytics/price-changes', api.list(priceChangeList, listPriceChanges), {
      detail: describe(priceChangeList),
    })
    .post('/analytics/basket-optimize', api.one(postBasketOptimize, optimizePostedBasket), {
      detail: describe(postBasketOptimize),
    })
    .get('/analytics/deals', api.list(dealList, listDeals), { detail: describe(dealList) })
    .post(
      '/analytics/custom-query',
      api.list(customQuery, (context, { body }) =>
        answerCustomQuery(context, body, limits.customQuery),
      ),
      { detail: describe(customQuery) },
    )
    .get('/analytics/trends', api.list(trendList, listTrends), { detail: describe(trendList) })
    .get('/analytics/cheapest-stores', api.list(cheapStoreList, listCheapStores), {
      detail: describe(cheapStoreList),
    })
    .get('/prices/trends', api.list(productTrend, listProductTrends), {
      detail: describe(productTrend),
    })
}
