export { backupDatabase, checkDatabaseFile, restoreDatabase } from './backup.ts'
export { type Database, isDiskFull, openDatabase } from './connect.ts'
export { isUniqueViolation } from './dialects/errors.ts'
export type { Target } from './dialects/types.ts'
export { holdLock } from './lock.ts'
export {
  appliedMigrations,
  loadMigrations,
  type Migration,
  type MigrationSource,
  migrate,
  NewerDataError,
  nameOf,
  pendingMigrations,
} from './migrate.ts'
export type { Db, Row } from './types.ts'
