import type { Db } from '#sdk'

/** What was paid for a message, and until when it is pinned; all null for an ordinary one. */
export async function up(db: Db): Promise<void> {
  await db.schema.alterTable('chat_messages', (t) => {
    t.uuid('paid_tip_id').nullable()
    t.bigInteger('paid_amount_minor').nullable()
    t.string('paid_currency', 3).nullable()
    t.integer('paid_tone').nullable()
    t.string('pinned_until_at', 24).nullable()
    t.unique(['paid_tip_id'])
    t.index(['room_id', 'pinned_until_at'])
  })
}
