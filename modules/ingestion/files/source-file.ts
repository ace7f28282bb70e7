import { israelMoment } from '../../../src/israel-time.ts'

/** The families of CSV files in a dataset version. */
export type Family = 'price_full' | 'price' | 'promo_full' | 'promo' | 'store'

const CSV_NAME = /^(price_full|price|promo_full|promo|store)_file_(.+?)(?:_\d{8})?\.csv$/

/** What a CSV's name tells: its family and the slug of its chain. */
export type CsvName = { family: Family; slug: string }

/** Reads a CSV's name; null for any other file. */
export function readCsvName(name: string): CsvName | null {
  const match = CSV_NAME.exec(name)
  return match ? { family: match[1] as Family, slug: match[2] as string } : null
}

const STAMP = /-(\d{4})(\d{2})(\d{2})-?(\d{2})(\d{2})(\d{2})?(?=\D|$)/g

/**
 * The moment in a source file's name, which tells Israel local time (`PriceFull7290058140886-001-202602170010`,
 * `…-001-206-20250327-043907.gz.xml`), in epoch milliseconds; null when there is none.
 */
export function readMoment(fileName: string): number | null {
  let moment: number | null = null
  for (const match of fileName.matchAll(STAMP)) {
    const [year, month, day, hour, minute, second] = match
      .slice(1)
      .map((part) => Number(part ?? 0)) as Six
    const exists =
      month >= 1 &&
      month <= 12 &&
      day >= 1 &&
      day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
    if (exists && year >= 2000 && year < 2100 && hour < 24 && minute < 60 && second < 60) {
      moment = israelMoment(year, month, day, hour, minute, second)
    }
  }
  return moment
}

type Six = [number, number, number, number, number, number]

/** Chain ids that some sources cut short (dataset.md, "Values"). */
const CUT_SHORT: Record<string, string> = {
  '72906390': '7290639000004',
  '72906': '7290696200003',
  '72908': '7290875100001',
}

/** A chain id as it should be; null when it is no number. */
export function readChainId(cell: string): string | null {
  const id = cell.trim()
  if (!/^\d{1,20}$/.test(id)) return null
  return CUT_SHORT[id] ?? id
}

/** A store number, compared as a number (`001` is 1); null when it is none. */
export function readStoreNumber(cell: string): number | null {
  const text = cell.trim()
  return /^\d{1,9}$/.test(text) ? Number(text) : null
}

const NULL_WORDS = new Set(['', "''", 'unknown', 'לא ידוע', 'no_body', 'null', 'none', 'nan'])

/** Longer texts are cut: an index of PostgreSQL holds 2.7 kB. */
const LONGEST = 1000

/** A cell's text, or null for the dataset's words for "nothing" (dataset.md, "Cells"). */
export function readText(cell: string | null): string | null {
  if (cell === null) return null
  const text = cell
    .slice(0, LONGEST)
    .toWellFormed()
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .replaceAll('\0', '')
    .trim()
  return NULL_WORDS.has(text.toLowerCase()) ? null : text
}
