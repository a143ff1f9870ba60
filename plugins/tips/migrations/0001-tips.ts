import type { Db } from '#sdk'

/** What was given on channels, and what for. */
export async function up(db: Db): Promise<void> {
  await db.schema.createTable('tips_tips', (t) => {
    t.uuid('id').primary()
    t.uuid('channel_id').notNullable()
    t.uuid('stream_id').nullable()
    t.uuid('giver_id').nullable()
    t.uuid('payment_id').notNullable().unique()
    t.string('idempotency_key', 64).notNullable()
    t.string('request_hash', 64).notNullable()
    t.bigInteger('amount_minor').notNullable()
    t.string('currency', 3).notNullable()
    t.text('message').nullable()
    t.boolean('is_message_shown').notNullable()
    t.boolean('is_superchat').notNullable()
    t.boolean('is_name_shown').notNullable()
    t.integer('tone').notNullable()
    t.integer('pin_s').notNullable()
    t.string('status', 10).notNullable()
    t.string('created_at', 24).notNullable()
    t.string('paid_at', 24).nullable()
    t.string('refunded_at', 24).nullable()
    t.unique(['giver_id', 'idempotency_key'])
    t.index(['channel_id', 'status', 'id'])
    t.index(['stream_id', 'status'])
  })
  await db.schema.createTable('tips_goals', (t) => {
    t.uuid('channel_id').primary()
    t.string('title', 80).notNullable()
    t.bigInteger('amount_minor').notNullable()
    t.string('currency', 3).notNullable()
    t.string('since_at', 24).notNullable()
    t.string('until_at', 24).nullable()
  })
}
