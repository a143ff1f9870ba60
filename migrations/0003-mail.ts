import type { Db } from '../server/db/types.ts'

/** Every mail of the site, kept until it is sent and a while after; see server/mail. */
export async function up(db: Db): Promise<void> {
  await db.schema.createTable('mail_outbox', (t) => {
    t.uuid('id').primary()
    t.text('to_address').notNullable()
    t.text('subject').notNullable()
    t.text('text').notNullable()
    t.text('html')
    // held (no SMTP is set), queued, sent or failed
    t.string('state', 10).notNullable()
    t.text('last_error')
    t.string('created_at').notNullable()
    t.string('sent_at')
    t.index(['state', 'id'])
  })
}
