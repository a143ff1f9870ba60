import type { Db } from '#sdk'

/** Queues and places to go on from, one an account; and what was heard. */
export async function up(db: Db): Promise<void> {
  await db.schema.createTable('player_queues', (t) => {
    t.uuid('account_id').primary()
    t.uuid('device_id').notNullable()
    t.string('device_name', 60).notNullable()
    t.boolean('is_playing').notNullable()
    t.text('queue_json').notNullable()
    t.string('updated_at', 24).notNullable()
  })
  await db.schema.createTable('player_plays', (t) => {
    t.uuid('id').primary()
    t.uuid('start_id').notNullable().unique()
    // Null for guests, and where the listener took it out of the history.
    t.uuid('account_id')
    t.uuid('track_id').notNullable().index()
    t.integer('heard_ms').notNullable()
    t.string('played_at', 24).notNullable()
    t.index(['account_id', 'id'])
  })
  await db.raw('create index player_plays_nobodys on player_plays (played_at) where account_id is null')
  await db.schema.createTable('player_positions', (t) => {
    t.uuid('account_id').notNullable()
    t.uuid('track_id').notNullable().index()
    t.integer('position_ms').notNullable()
    t.string('updated_at', 24).notNullable()
    t.primary(['account_id', 'track_id'])
    t.index(['account_id', 'updated_at'])
  })
}
