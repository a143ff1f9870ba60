import type { Db } from '#sdk'

/** When somebody was mailed of a set last, however often it is moved since. */
export async function up(db: Db): Promise<void> {
  await db.schema.alterTable('live_reminders', (t) => {
    t.string('mailed_at', 24)
  })
}
