import { profile } from '../../../modules/ingestion/index.ts'
import { report } from './quality-report.ts'

/** `ingest profile PATH…` */
export const run = (args: string[]): Promise<number> => report(args, profile)
