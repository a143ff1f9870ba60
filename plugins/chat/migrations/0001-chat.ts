import type { Db } from '#sdk'

/** Rooms, what is said in them, who is banned, and how many people each process sees in each room. */
export async function up(db: Db): Promise<void> {
  await db.schema.createTable('chat_rooms', (t) => {
    t.uuid('id').primary()
    t.string('slug', 40).notNullable().unique()
    t.string('title', 120).notNullable()
    t.string('kind', 10).notNullable()
    t.uuid('channel_id').nullable().unique()
    t.integer('slow_mode_s').notNullable().defaultTo(0)
    t.boolean('is_closed').notNullable().defaultTo(false)
    t.string('created_at').notNullable()
  })
  await db.schema.createTable('chat_messages', (t) => {
    t.uuid('id').primary()
    t.uuid('room_id').notNullable().references('id').inTable('chat_rooms').onDelete('CASCADE')
    t.uuid('author_id').notNullable()
    t.text('text').nullable()
    t.string('client_id', 64).nullable()
    t.string('created_at').notNullable()
    t.string('deleted_at').nullable()
    t.uuid('deleted_by').nullable()
    t.unique(['room_id', 'author_id', 'client_id'])
    t.index(['room_id', 'id'])
  })
  await db.schema.createTable('chat_bans', (t) => {
    t.uuid('room_id').notNullable().references('id').inTable('chat_rooms').onDelete('CASCADE')
    t.uuid('account_id').notNullable()
    t.string('reason', 300).notNullable()
    t.uuid('by_id').notNullable()
    t.string('until_at').nullable()
    t.string('created_at').notNullable()
    t.primary(['room_id', 'account_id'])
  })
  await db.schema.createTable('chat_here', (t) => {
    t.uuid('room_id').notNullable().references('id').inTable('chat_rooms').onDelete('CASCADE')
    t.uuid('process_id').notNullable()
    t.integer('people').notNullable()
    t.string('seen_at').notNullable()
    t.primary(['room_id', 'process_id'])
  })
}
