import type { Db } from '../../types.ts'

/** Many statements, so that another process has time to come between. */
export async function up(db: Db): Promise<void> {
  for (let n = 0; n < 20; n++) await db.schema.createTable(`first_${n}`, (t) => t.uuid('id').primary())
}
