import type { Db } from '#sdk'

/** Pictures of channels, shown while nothing is on air. */
export async function up(db: Db): Promise<void> {
  await db.schema.alterTable('live_channels', (t) => {
    t.string('cover_key', 80)
  })
}
