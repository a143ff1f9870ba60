import type { Db } from '#sdk'

/** What is known of finished recordings, their chapters, and clips. */
export async function up(db: Db): Promise<void> {
  await db.schema.alterTable('live_channels', (t) => {
    // A channel that never ends keeps so many seconds; null: everything.
    t.integer('keep_s')
  })
  await db.schema.createTable('live_recordings', (t) => {
    t.uuid('stream_id').primary().references('live_streams.id').onDelete('cascade')
    t.bigInteger('whole_ms').notNullable()
    t.bigInteger('trim_start_ms')
    t.bigInteger('trim_end_ms')
    t.bigInteger('starts_ms').notNullable()
    t.text('clock_json').notNullable()
    t.boolean('has_own_chapters').notNullable().defaultTo(false)
  })
  await db.schema.createTable('live_chapters', (t) => {
    t.uuid('id').primary()
    t.uuid('stream_id').notNullable().references('live_streams.id').onDelete('cascade')
    // By date: a cut moves positions, not dates.
    t.string('begins_at', 24).notNullable()
    t.string('title', 120).notNullable()
    t.index(['stream_id', 'begins_at'])
  })
  await db.schema.createTable('live_clips', (t) => {
    t.uuid('id').primary()
    t.uuid('channel_id').notNullable().references('live_channels.id').onDelete('cascade')
    // Not a reference: a clip outlives its stream.
    t.uuid('stream_id').notNullable()
    t.uuid('maker_id')
    t.string('title', 120).notNullable()
    t.string('status', 8).notNullable()
    t.string('from_at', 24).notNullable()
    t.string('until_at', 24).notNullable()
    t.string('created_at', 24).notNullable()
    t.bigInteger('duration_ms').notNullable().defaultTo(0)
    t.bigInteger('size_bytes').notNullable().defaultTo(0)
    t.boolean('has_video').notNullable().defaultTo(false)
    t.string('file_key')
    t.string('poster_key')
    t.index(['channel_id', 'id'])
    t.index(['stream_id', 'id'])
    t.index(['maker_id', 'id'])
  })
}
