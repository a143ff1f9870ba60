import type { Db } from '#sdk'

/** What members tell of themselves, and whom they block and mute. */
export async function up(db: Db): Promise<void> {
  await db.schema.createTable('profiles_profiles', (t) => {
    t.uuid('account_id').primary()
    t.text('bio').notNullable()
    t.string('place', 80).notNullable()
    t.text('genres_json').notNullable()
    t.text('instruments_json').notNullable()
    t.text('roles_json').notNullable()
    t.text('links_json').notNullable()
    t.string('visibility', 10).notNullable()
    t.text('hidden_json').notNullable()
    t.string('avatar_key').nullable()
    t.string('banner_key').nullable()
    t.boolean('is_verified').notNullable()
    t.string('changed_at').notNullable()
  })
  await db.schema.createTable('profiles_blocks', (t) => {
    t.uuid('id').primary()
    t.uuid('account_id').notNullable()
    t.uuid('other_id').notNullable().index()
    t.string('kind', 5).notNullable()
    t.string('created_at').notNullable()
    t.unique(['account_id', 'other_id', 'kind'])
  })
}
