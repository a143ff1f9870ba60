import type { Db } from '#sdk'

/** What of a tip was paid back in part. */
export async function up(db: Db): Promise<void> {
  await db.schema.alterTable('tips_tips', (t) => {
    t.bigInteger('refunded_minor').notNullable().defaultTo(0)
  })
}
