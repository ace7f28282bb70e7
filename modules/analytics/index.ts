export type { PriceChange } from './change-schemas.ts'
export { type Deal, dealList } from './deal-schemas.ts'
export { analyticsRoutes } from './routes.ts'
export type { PriceComparison, Trend } from './shapes.ts'
