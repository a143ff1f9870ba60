import { v7 } from 'uuid'

/** A new UUIDv7: sorts by time, also within one millisecond of one process. */
export const newId = (): string => v7()

/** ISO-8601 UTC with milliseconds, as stored in every `*_at` column. */
export const isoTime = (date: Date = new Date()): string => date.toISOString()
