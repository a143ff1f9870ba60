import type { Db } from '#sdk'

/** Machines that take streams, who watches now, and what is known of past audiences. */
export async function up(db: Db): Promise<void> {
  await addNodes(db)
  await addWatching(db)
  await addFigures(db)
}

async function addNodes(db: Db): Promise<void> {
  await db.schema.createTable('live_origins', (t) => {
    t.uuid('id').primary()
    t.string('address', 200)
    t.string('seen_at', 24).notNullable()
  })
  await db.schema.alterTable('live_streams', (t) => {
    t.uuid('origin_id')
  })
}

/** Lives for minutes: `members` are hashes of the random ids that players are given. */
async function addWatching(db: Db): Promise<void> {
  await db.schema.createTable('live_processes', (t) => {
    t.uuid('id').primary()
    t.integer('beat').notNullable()
    t.string('seen_at', 24).notNullable()
  })
  await db.schema.createTable('live_watching', (t) => {
    t.uuid('process_id').notNullable()
    t.uuid('stream_id').notNullable()
    t.integer('version').notNullable()
    t.text('members').notNullable()
    t.string('changed_at', 24).notNullable()
    t.primary(['process_id', 'stream_id'])
  })
}

async function addFigures(db: Db): Promise<void> {
  await db.schema.createTable('live_steps', (t) => {
    t.uuid('stream_id').notNullable().references('live_streams.id').onDelete('cascade')
    t.string('at', 24).notNullable()
    t.integer('step_s').notNullable()
    t.integer('viewers').notNullable()
    // Who came for the first time, and who came at all.
    t.integer('people').notNullable()
    t.integer('joins').notNullable()
    t.integer('leaves').notNullable()
    t.integer('delay_ms')
    t.integer('delay_p95_ms')
    t.primary(['stream_id', 'at'])
    t.index(['step_s', 'at'])
  })
  await db.schema.createTable('live_audiences', (t) => {
    t.uuid('stream_id').primary().references('live_streams.id').onDelete('cascade')
    t.integer('people').notNullable()
    t.integer('peak').notNullable()
    t.bigInteger('watch_s').notNullable()
    t.text('stays_json').notNullable()
    t.text('kinds_json').notNullable()
    t.string('updated_at', 24).notNullable()
  })
  await db.schema.createTable('live_replay_audiences', (t) => {
    t.uuid('stream_id').notNullable().references('live_streams.id').onDelete('cascade')
    t.uuid('process_id').notNullable()
    t.integer('people').notNullable()
    t.text('buckets_json').notNullable()
    t.text('kinds_json').notNullable()
    t.string('updated_at', 24).notNullable()
    t.primary(['stream_id', 'process_id'])
  })
}
