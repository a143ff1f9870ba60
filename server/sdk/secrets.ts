import type { Db } from '../db/types.ts'

/** Texts sealed by the appliance's keys, which lie outside the database; for keys and passwords of other services. */
export interface Secrets {
  read(db: Db, name: string): Promise<string | null>
  write(db: Db, name: string, value: string): Promise<void>
  remove(db: Db, name: string): Promise<boolean>
}
