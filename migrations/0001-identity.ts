import type { Db } from '../server/db/index.ts'

/** Accounts, sessions, settings, plugin states, audit log, secrets: what the server itself keeps for a site. */
export async function up(db: Db): Promise<void> {
  await db.schema.createTable('accounts', (t) => {
    t.uuid('id').primary()
    t.string('email').notNullable().unique()
    t.string('username').notNullable().unique()
    t.string('display_name').notNullable()
    t.string('password_hash').notNullable()
    t.string('status').notNullable().defaultTo('active')
    t.string('created_at').notNullable()
  })
  await db.schema.createTable('account_roles', (t) => {
    t.uuid('account_id').notNullable().references('id').inTable('accounts').onDelete('CASCADE')
    t.string('role').notNullable()
    t.primary(['account_id', 'role'])
  })
  await db.schema.createTable('sessions', (t) => {
    t.uuid('id').primary()
    t.uuid('account_id').notNullable().references('id').inTable('accounts').onDelete('CASCADE').index()
    t.string('cookie_hash').unique()
    t.string('access_hash').unique()
    t.string('access_expires_at')
    t.string('refresh_hash').unique()
    t.string('spent_refresh_hash').index()
    t.string('user_agent').notNullable()
    t.string('address').notNullable()
    t.string('created_at').notNullable()
    t.string('seen_at').notNullable()
    t.string('expires_at').notNullable()
  })
  await db.schema.createTable('settings', (t) => {
    t.string('key').primary()
    t.text('value_json').notNullable()
    t.string('updated_at').notNullable()
  })
  await db.schema.createTable('secrets', (t) => {
    t.string('name').primary()
    t.text('value').notNullable()
  })
  await db.schema.createTable('plugins', (t) => {
    t.string('name').primary()
    t.boolean('is_enabled').notNullable()
    t.string('updated_at').notNullable()
  })
  await db.schema.createTable('audit_entries', (t) => {
    t.uuid('id').primary()
    t.string('at').notNullable()
    t.string('action').notNullable().index()
    t.uuid('actor_id')
    t.string('actor_name')
    t.string('subject')
    t.text('detail_json').notNullable()
  })
}
