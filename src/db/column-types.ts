import { customType, timestamp } from 'drizzle-orm/pg-core'

/** Bytes. */
export const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/** Text that is ordered by its bytes, independent of the locale of the server. */
export const bytewiseText = customType<{ data: string }>({ dataType: () => 'text collate "C"' })

/** A full-text search vector (`tsvector`), in PostgreSQL's notation. */
export const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' })

/** A range of days, in PostgreSQL's notation. */
export const daterange = customType<{ data: string }>({ dataType: () => 'daterange' })

/** A timestamp, exact to the microsecond in the database and to the millisecond in JavaScript. */
export const moment = () => timestamp({ withTimezone: true })
