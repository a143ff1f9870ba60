import type { Db } from '#sdk'

/**
 * A time to pay, parts that go back, and a ledger whose lines need no payment: what is paid out or kept for taxes is
 * none.
 */
export async function up(db: Db): Promise<void> {
  await db.schema.alterTable('payments_payments', (t) => {
    t.bigInteger('refunded_minor').notNullable().defaultTo(0)
    t.string('expires_at', 24).notNullable().defaultTo('')
    t.string('expired_at', 24).nullable()
    t.index(['status', 'expires_at'])
    t.index(['payer_id', 'id'])
    t.index(['created_at'])
  })
  await db.schema.createTable('payments_refunds', (t) => {
    t.uuid('id').primary()
    t.uuid('payment_id').notNullable().references('payments_payments.id')
    t.string('key', 260).notNullable()
    t.bigInteger('amount_minor').notNullable()
    t.string('currency', 3).notNullable()
    t.string('reason', 300).notNullable()
    t.uuid('actor_id').nullable()
    t.string('created_at', 24).notNullable()
    t.string('returned_at', 24).nullable()
    t.unique(['payment_id', 'key'])
  })
  await db.schema.createTable('payments_entries', (t) => {
    t.uuid('id').primary()
    t.uuid('transaction_id').notNullable()
    t.uuid('payment_id').nullable().references('payments_payments.id')
    t.string('reason', 20).notNullable()
    t.string('account', 120).notNullable()
    t.bigInteger('amount_minor').notNullable()
    t.string('currency', 3).notNullable()
    t.string('created_at', 24).notNullable()
    t.unique(['transaction_id', 'reason', 'account'])
    t.index(['payment_id'])
    t.index(['account', 'currency'])
  })
  await carryOver(db)
}

/** What was there before: open payments have half an hour from now on, a refund has the id of its payment. */
async function carryOver(db: Db): Promise<void> {
  const soon = new Date(Date.now() + 30 * 60_000).toISOString()
  await db('payments_payments').update({ expiresAt: soon })
  await db.raw("update payments_payments set refunded_minor = amount_minor where status = 'refunded'")
  await db.raw(
    `insert into payments_refunds (id, payment_id, key, amount_minor, currency, reason, created_at, returned_at)
     select id, id, 'whole', amount_minor, currency, '', refunded_at, returned_at
     from payments_payments where status = 'refunded'`,
  )
  await db.raw(
    `insert into payments_entries (id, transaction_id, payment_id, reason, account, amount_minor, currency, created_at)
     select id, payment_id, payment_id, reason, account, amount_minor, currency, created_at from payments_ledger`,
  )
  await db.schema.dropTable('payments_ledger')
  await db.raw('alter table payments_payments drop column returned_at')
}
