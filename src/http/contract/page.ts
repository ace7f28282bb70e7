/** Some rows of a list, with where they stand in it. */
export type Page<T> = {
  rows: T[]
  page: number
  perPage: number
  /** Null where counting would take long. */
  total: number | null
  nextCursor: string | null
  /** Of a CSV, where the response schema does not know them. */
  columns?: readonly string[]
  /** Of an empty list: which filter nothing matches, and what is near. */
  hint?: string | undefined
}

/** The paging parameters of a list's input. */
export type PageQuery = {
  page?: number
  per_page?: number
  cursor?: string
  /** `field:asc` or `field:desc`, the first field first. */
  sort?: string[]
}

/** How many rows a page of any list has. */
export type PageSizes = { defaultRows: number; maxRows: number }

export const PAGE_SIZES: PageSizes = { defaultRows: 20, maxRows: 100 }
