export type Level = 'error' | 'warning'

/**
 * The checks of validation and the level of their findings. The command exits with 1 for an error
 * (docs/data-quality.md).
 */
export const CHECKS = {
  unreadable: 'A file that cannot be read to its end. Error.',
  'row-count':
    'A source file whose rows are not those that the publisher’s parser counted, or that is missing. Error.',
  uncounted: 'Source files that the parser’s status file of their CSV does not name.',
  'source-file-empty': 'Source files in which the parser found no row.',
  'file-empty': 'A CSV without a row.',
  leftover: 'A CSV such as …_temp.csv beside its whole file; loading passes it over.',
  'list-ahead':
    'Source files whose name tells a moment more than a day after the day of the version. Loading keeps their rows among the rejects. Error.',
  'list-size':
    'Full lists of one store and moment of which one has less than half the rows of another. Error.',
  'file-missing':
    'A CSV of a chain and type that a version of the 30 days before had. Error when those were its full price lists, at most 7 days before, and there are no deltas either.',
  'item-count':
    'The items of a chain (the rows of each store’s last full list) against the median of up to 7 earlier days: more than 1.5 times, or less than two thirds. Error below a half.',
  'store-silent':
    'A store without a price list for longer than STALE_AFTER_DAYS, as of the newest version.',
  'store-unlisted': 'Stores of a store file that never had a price list.',
  'store-undescribed': 'Stores with price lists that no store file of their chain names.',
  'price-outlier':
    'A price more than 3 times, or less than a third of, the median of all prices of the product (at least 5) in the versions given and in the database; of a product, store and price the first row.',
  'unknown-column': 'A column that is not read by its name.',
  rejects: 'Rows that loading would reject, by reason. Error from 1% of the rows of the file.',
} as const
export type Check = keyof typeof CHECKS

/**
 * A finding; fields that do not apply are null. `figures` are the numbers of `message`, for
 * machines.
 */
export type Finding = {
  check: Check
  level: Level
  file: string | null
  source_file: string | null
  line: number | null
  chain_id: string | null
  store_number: number | null
  /** A barcode, or a chain's own code. */
  product: string | null
  message: string
  figures: Record<string, number | string>
  /** The source files, stores or rows of the finding, if it is about several. */
  named: string[]
}

const NOWHERE = {
  file: null,
  source_file: null,
  line: null,
  chain_id: null,
  store_number: null,
  product: null,
}

export function finding(
  check: Check,
  level: Level,
  about: Partial<Finding> & Pick<Finding, 'message'>,
): Finding {
  return { check, level, ...NOWHERE, figures: {}, named: [], ...about }
}

/** Chain and number of a store key (`chain id/store number`). */
export function storeOf(key: string): { chain_id: string; store_number: number } {
  const [chain_id = '', number] = key.split('/')
  return { chain_id, store_number: Number(number) }
}
