import { customType, timestamp } from 'drizzle-orm/pg-core'

/** Bytes. */
export const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/** Text that is ordered by its bytes, whatever the locale of the server. */
export const bytewiseText = customType<{ data: string }>({ dataType: () => 'text collate "C"' })

/** The words of a text as full-text search keeps them, in PostgreSQL's notation. */
export const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' })

/** A range of days, in PostgreSQL's notation. */
export const daterange = customType<{ data: string }>({ dataType: () => 'daterange' })

/** A moment, exact to the microsecond in the database and to the millisecond here. */
export const moment = () => timestamp({ withTimezone: true })
