import type { Db } from '#sdk'

/** What a stream's publisher said was played, by position in milliseconds. */
export async function up(db: Db): Promise<void> {
  await db.schema.createTable('live_titles', (t) => {
    t.uuid('id').primary()
    t.uuid('stream_id').notNullable().references('live_streams.id').onDelete('cascade')
    t.bigInteger('at_ms').notNullable()
    t.string('title', 200).notNullable()
    t.index(['stream_id', 'at_ms'])
  })
}
