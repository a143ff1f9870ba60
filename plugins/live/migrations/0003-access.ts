import type { Db } from '#sdk'

/** Who may watch, who follows, who is invited, and what is planned. */
export async function up(db: Db): Promise<void> {
  await addAccess(db)
  await createPeople(db)
  await createEvents(db)
}

async function addAccess(db: Db): Promise<void> {
  await db.schema.alterTable('live_channels', (t) => {
    t.string('access', 12).notNullable().defaultTo('public')
  })
  await db.schema.alterTable('live_streams', (t) => {
    // Null: as the channel says.
    t.string('access', 12)
    t.uuid('event_id').index()
  })
  // Read by every process that serves media, so that a right that was lost ends there within seconds.
  await db.schema.createTable('live_lost_rights', (t) => {
    t.uuid('account_id').primary()
    t.string('lost_at', 24).notNullable().index()
  })
}

async function createPeople(db: Db): Promise<void> {
  await db.schema.createTable('live_follows', (t) => {
    t.uuid('channel_id').notNullable().references('live_channels.id').onDelete('cascade')
    t.uuid('account_id').notNullable()
    t.boolean('is_mailed').notNullable().defaultTo(false)
    t.string('mailed_at', 24)
    t.string('created_at', 24).notNullable()
    t.primary(['channel_id', 'account_id'])
    t.index(['account_id', 'channel_id'])
  })
  await db.schema.createTable('live_passes', (t) => {
    t.uuid('id').primary()
    t.uuid('channel_id').notNullable().references('live_channels.id').onDelete('cascade')
    t.uuid('event_id')
    t.string('kind', 8).notNullable()
    // Hash of the code; for a guest by name, who and where: a second one changes nothing.
    t.string('mark', 200).notNullable().unique()
    t.string('hint', 8)
    t.string('email', 320)
    t.uuid('account_id')
    t.string('created_at', 24).notNullable()
    t.string('claimed_at', 24)
    t.string('revoked_at', 24)
    t.index(['channel_id', 'id'])
    t.index(['account_id', 'channel_id'])
  })
}

async function createEvents(db: Db): Promise<void> {
  await db.schema.createTable('live_events', (t) => {
    t.uuid('id').primary()
    t.uuid('channel_id').notNullable().references('live_channels.id').onDelete('cascade')
    t.string('title', 120).notNullable()
    t.text('description').notNullable().defaultTo('')
    t.string('starts_at', 24).notNullable()
    t.string('ends_at', 24)
    // Its end, or twelve hours after its beginning: until then a stream may be it.
    t.string('until_at', 24).notNullable()
    t.string('time_zone', 64)
    t.string('access', 12)
    t.string('cover_key')
    t.string('status', 12).notNullable()
    t.uuid('stream_id')
    t.integer('sequence').notNullable().defaultTo(0)
    t.string('created_at', 24).notNullable()
    t.string('updated_at', 24).notNullable()
    t.index(['channel_id', 'starts_at'])
    t.index(['until_at', 'starts_at'])
    t.index(['stream_id'])
  })
  await db.schema.createTable('live_reminders', (t) => {
    t.uuid('event_id').notNullable().references('live_events.id').onDelete('cascade')
    t.uuid('account_id').notNullable()
    t.string('reminded_at', 24)
    t.string('created_at', 24).notNullable()
    t.primary(['event_id', 'account_id'])
    t.index(['account_id', 'event_id'])
  })
}
