import type { Db } from '#sdk'

/** The message that a room's hosts pinned, and the label's own emotes. */
export async function up(db: Db): Promise<void> {
  await db.schema.alterTable('chat_rooms', (t) => {
    t.uuid('pinned_message_id').nullable()
  })
  await db.schema.createTable('chat_emotes', (t) => {
    t.uuid('id').primary()
    t.string('name', 24).notNullable().unique()
    t.string('picture_key', 100).notNullable()
    t.string('created_at', 24).notNullable()
  })
}
