import type { Db } from '#sdk'

/** Playlists, the documents they are edited as, and what people have to do with them. */
export async function up(db: Db): Promise<void> {
  await db.schema.createTable('playlists_folders', (t) => {
    t.uuid('id').primary()
    t.uuid('account_id').notNullable()
    t.string('name', 60).notNullable()
    // In small letters, for two of one name.
    t.string('name_key', 120).notNullable()
    t.string('created_at').notNullable()
    t.unique(['account_id', 'name_key'])
  })
  await db.schema.createTable('playlists_playlists', (t) => {
    t.uuid('id').primary()
    t.uuid('owner_id').notNullable()
    t.string('title', 120).notNullable()
    t.text('description').notNullable().defaultTo('')
    t.string('visibility', 10).notNullable()
    // Of a smart playlist; null for others.
    t.text('rules_json')
    t.uuid('folder_id').references('id').inTable('playlists_folders').onDelete('SET NULL')
    t.string('cover_key')
    t.string('secret', 60).notNullable()
    t.string('invitation', 60)
    // Of the realtime channel.
    t.string('room', 60).notNullable()
    t.integer('version').notNullable().defaultTo(0)
    t.integer('track_count').notNullable().defaultTo(0)
    // Ids of the first tracks, for covers in lists.
    t.text('sample_json').notNullable().defaultTo('[]')
    t.string('created_at').notNullable()
    t.string('updated_at').notNullable()
    // Of the tracks.
    t.string('changed_at').notNullable()
    // When followers were last told.
    t.string('announced_at')
    t.string('trashed_at')
    t.index(['owner_id', 'id'])
    t.index(['visibility', 'id'])
    t.index(['folder_id'])
    t.index(['trashed_at'])
  })
  // What the documents say, for reading; `position` is the order key.
  await db.schema.createTable('playlists_items', (t) => {
    t.uuid('playlist_id').notNullable()
    t.uuid('id').notNullable()
    t.string('position', 100).notNullable()
    t.uuid('track_id').notNullable()
    t.uuid('added_by')
    t.string('added_at').notNullable()
    t.primary(['playlist_id', 'id'])
    t.foreign('playlist_id').references('id').inTable('playlists_playlists').onDelete('CASCADE')
    t.index(['playlist_id', 'position', 'id'])
    t.index(['track_id'])
    t.index(['added_by'])
  })
  // Of whom a place was, in case its removal is undone.
  await db.schema.createTable('playlists_removed', (t) => {
    t.uuid('playlist_id').notNullable()
    t.uuid('id').notNullable()
    t.uuid('track_id').notNullable()
    t.uuid('added_by')
    t.string('added_at').notNullable()
    t.string('removed_at').notNullable()
    t.primary(['playlist_id', 'id'])
    t.foreign('playlist_id').references('id').inTable('playlists_playlists').onDelete('CASCADE')
    t.index(['removed_at'])
    t.index(['added_by'])
  })
  await db.schema.createTable('playlists_documents', (t) => {
    t.uuid('playlist_id').primary().references('id').inTable('playlists_playlists').onDelete('CASCADE')
    // Updates up to this version are in it.
    t.integer('version').notNullable()
    t.binary('data').notNullable()
  })
  await db.schema.createTable('playlists_updates', (t) => {
    t.uuid('playlist_id').notNullable()
    t.integer('version').notNullable()
    t.binary('data').notNullable()
    t.primary(['playlist_id', 'version'])
    t.foreign('playlist_id').references('id').inTable('playlists_playlists').onDelete('CASCADE')
  })
  // Whose browser a number of Yjs is: nobody else may write under it.
  await db.schema.createTable('playlists_replicas', (t) => {
    t.uuid('playlist_id').notNullable()
    t.bigInteger('client').notNullable()
    t.uuid('account_id')
    t.primary(['playlist_id', 'client'])
    t.foreign('playlist_id').references('id').inTable('playlists_playlists').onDelete('CASCADE')
    t.index(['account_id'])
  })
  await db.schema.createTable('playlists_editors', (t) => {
    t.uuid('playlist_id').notNullable()
    t.uuid('account_id').notNullable()
    t.string('created_at').notNullable()
    t.primary(['playlist_id', 'account_id'])
    t.foreign('playlist_id').references('id').inTable('playlists_playlists').onDelete('CASCADE')
    t.index(['account_id', 'playlist_id'])
  })
  await db.schema.createTable('playlists_follows', (t) => {
    t.uuid('id').primary()
    t.uuid('playlist_id').notNullable()
    t.uuid('account_id').notNullable()
    t.string('created_at').notNullable()
    t.string('seen_at').notNullable()
    t.unique(['playlist_id', 'account_id'])
    t.foreign('playlist_id').references('id').inTable('playlists_playlists').onDelete('CASCADE')
    t.index(['account_id', 'id'])
  })
}
