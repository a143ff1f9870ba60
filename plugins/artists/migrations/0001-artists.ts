import type { Db } from '#sdk'

/** The label's roster, and who looks after whose page. */
export async function up(db: Db): Promise<void> {
  await db.schema.createTable('artists_artists', (t) => {
    t.uuid('id').primary()
    t.string('slug', 40).notNullable().unique()
    t.string('name', 80).notNullable()
    t.text('bio').notNullable().defaultTo('')
    t.string('place', 80).notNullable().defaultTo('')
    t.text('genres_json').notNullable().defaultTo('[]')
    t.text('links_json').notNullable().defaultTo('[]')
    t.string('picture_key')
    t.string('banner_key')
    // Shown in the roster and to strangers.
    t.boolean('is_listed').notNullable().defaultTo(true)
    t.string('created_at').notNullable()
    t.string('updated_at').notNullable()
    t.index(['name', 'id'])
  })
  await db.schema.createTable('artists_managers', (t) => {
    t.uuid('artist_id').notNullable().references('id').inTable('artists_artists').onDelete('CASCADE')
    t.uuid('account_id').notNullable()
    t.string('created_at').notNullable()
    t.primary(['artist_id', 'account_id'])
    t.index(['account_id', 'artist_id'])
  })
}
