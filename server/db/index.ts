export { type Database, isDiskFull, isUniqueViolation, openDatabase } from './connect.ts'
export type { Target } from './dialects/types.ts'
export { type MigrationSource, migrate, NewerDataError, pendingMigrations } from './migrate.ts'
export type { Db, Row } from './types.ts'
