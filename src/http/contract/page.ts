/** One page of a list. */
export type Page<T> = {
  rows: T[]
  page: number
  perPage: number
  /** The number of all rows; null when counting would take too long. */
  total: number | null
  nextCursor: string | null
  /** The CSV columns, when the response schema does not define them. */
  columns?: readonly string[]
  /** A hint for an empty list: which filter matches nothing, and similar values. */
  hint?: string | undefined
}

/** The paging parameters of a list's input. */
export type PageQuery = {
  page?: number
  per_page?: number
  cursor?: string
  /** Sort fields as `field:asc` or `field:desc`, the most significant first. */
  sort?: string[]
}

/** The default and maximum page size of all lists. */
export type PageSizes = { defaultRows: number; maxRows: number }

export const PAGE_SIZES: PageSizes = { defaultRows: 20, maxRows: 100 }
