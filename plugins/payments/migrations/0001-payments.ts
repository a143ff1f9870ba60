import type { Db } from '#sdk'

/** Payments, what providers told of them, and where the money went: two lines each time, that add up to nothing. */
export async function up(db: Db): Promise<void> {
  await db.schema.createTable('payments_payments', (t) => {
    t.uuid('id').primary()
    t.string('purpose', 60).notNullable()
    t.uuid('subject_id').notNullable()
    t.string('title', 200).notNullable()
    t.uuid('payer_id').nullable()
    t.string('idempotency_key', 64).notNullable()
    t.bigInteger('amount_minor').notNullable()
    t.string('currency', 3).notNullable()
    t.string('status', 10).notNullable()
    t.string('provider', 40).notNullable()
    t.boolean('is_test').notNullable()
    t.string('back', 300).notNullable()
    t.string('created_at', 24).notNullable()
    t.string('paid_at', 24).nullable()
    t.string('refunded_at', 24).nullable()
    t.string('returned_at', 24).nullable()
    t.unique(['payer_id', 'idempotency_key'])
    t.index(['status', 'id'])
  })
  await db.schema.createTable('payments_callbacks', (t) => {
    t.string('provider', 40).notNullable()
    t.string('event_id', 200).notNullable()
    t.uuid('payment_id').notNullable().references('payments_payments.id').onDelete('cascade')
    t.string('kind', 10).notNullable()
    t.string('created_at', 24).notNullable()
    t.primary(['provider', 'event_id'])
  })
  await db.schema.createTable('payments_ledger', (t) => {
    t.uuid('id').primary()
    t.uuid('payment_id').notNullable().references('payments_payments.id').onDelete('cascade')
    t.string('reason', 10).notNullable()
    t.string('account', 80).notNullable()
    t.bigInteger('amount_minor').notNullable()
    t.string('currency', 3).notNullable()
    t.string('created_at', 24).notNullable()
    t.unique(['payment_id', 'reason', 'account'])
    t.index(['account', 'currency'])
  })
}
