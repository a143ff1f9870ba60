import type { Db } from '../../server/db/index.ts'

/** The appliance's own database: which sites it serves. */
export async function up(db: Db): Promise<void> {
  await db.schema.createTable('sites', (t) => {
    t.string('name').primary()
    t.string('url').notNullable()
    t.string('created_at').notNullable()
  })
}
