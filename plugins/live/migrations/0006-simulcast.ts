import type { Db } from '#sdk'

/** Other servers that a channel is sent on to; their keys are among the site's secrets. */
export async function up(db: Db): Promise<void> {
  await db.schema.createTable('live_simulcasts', (t) => {
    t.uuid('id').primary()
    t.uuid('channel_id').notNullable().references('live_channels.id').onDelete('cascade')
    t.string('title', 60).notNullable()
    t.string('url', 300).notNullable()
    t.boolean('is_on').notNullable()
    t.string('created_at', 24).notNullable()
    t.index(['channel_id', 'id'])
  })
}
