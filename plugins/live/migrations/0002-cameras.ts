import type { Db } from '#sdk'

/** Several cameras in one show: which camera keys and streams are, and what the director chose. */
export async function up(db: Db): Promise<void> {
  await db.schema.alterTable('live_stream_keys', (t) => {
    t.integer('camera').notNullable().defaultTo(1)
  })
  await db.schema.alterTable('live_streams', (t) => {
    t.integer('camera').notNullable().defaultTo(1)
    // Streams of a channel that overlap are one show, called by its first stream.
    t.uuid('show_id').index()
    // The recording that stands for its show in lists.
    t.boolean('is_main').notNullable().defaultTo(true)
    // What to add to its dates, by arrival and by the encoder's time code; null until measured.
    t.integer('clock_offset_ms')
    t.integer('time_code_offset_ms')
  })
  await db('live_streams').update({ showId: db.ref('id') })
  await db.schema.alterTable('live_channels', (t) => {
    t.integer('main_camera').notNullable().defaultTo(1)
    // Null follows the main camera.
    t.integer('audio_camera')
  })
  await db.schema.createTable('live_cameras', (t) => {
    t.uuid('channel_id').notNullable().references('live_channels.id').onDelete('cascade')
    t.integer('camera').notNullable()
    // Null until somebody names it.
    t.string('title', 60)
    t.integer('offset_ms').notNullable().defaultTo(0)
    t.primary(['channel_id', 'camera'])
  })
}
