export { analyticsRoutes } from './routes.ts'
export type { PriceComparison, Trend } from './shapes.ts'
