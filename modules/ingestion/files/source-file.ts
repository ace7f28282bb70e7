/** The families of CSV files in a dataset version. */
export type Family = 'price_full' | 'price' | 'promo_full' | 'promo' | 'store'

const CSV_NAME = /^(price_full|price|promo_full|promo|store)_file_(.+?)(?:_\d{8})?\.csv$/

/** The parts of a CSV's name: its family and the slug of its chain. */
export type CsvName = { family: Family; slug: string }

/** Reads a CSV's name; null for any other file. */
export function readCsvName(name: string): CsvName | null {
  const match = CSV_NAME.exec(name)
  return match ? { family: match[1] as Family, slug: match[2] as string } : null
}
