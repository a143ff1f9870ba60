import type { Database } from '../../db/index.ts'
import type { Driver } from './driver.ts'

/** By the database alone: LISTEN/NOTIFY, or the change counter of the SQLite file. */
export function embeddedDriver(database: Pick<Database, 'watch'>): Driver {
  return { tell: (db) => db.wake(), listen: (changed) => database.watch(changed) }
}
