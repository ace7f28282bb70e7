import { inventory } from '../../../modules/ingestion/index.ts'
import { report } from './quality-report.ts'

/** `ingest inventory PATH…` */
export const run = (args: string[]): Promise<number> => report(args, inventory)
