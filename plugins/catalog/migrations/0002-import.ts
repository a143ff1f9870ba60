import type { Db } from '#sdk'

/** What was imported from folders of the machine, by path. */
export async function up(db: Db): Promise<void> {
  await db.schema.createTable('catalog_import_files', (t) => {
    // SHA-256 of the path: paths are longer than an index takes.
    t.string('path_key', 64).primary()
    t.text('path').notNullable()
    t.bigInteger('size_bytes').notNullable()
    t.bigInteger('mtime_ms').notNullable()
    t.string('content_hash', 64).notNullable()
    t.string('audio_hash', 64).notNullable().index()
    t.uuid('asset_id').notNullable().index()
    // Null once the track is gone for good: it does not come back by itself.
    t.uuid('track_id').references('id').inTable('catalog_tracks').onDelete('set null').index()
    // Why it could not be made playable.
    t.text('fault')
    t.string('failed_at', 24)
    t.string('imported_at', 24).notNullable()
  })
  // One row at most: the import under way.
  await db.schema.createTable('catalog_import_leases', (t) => {
    t.integer('id').primary()
    t.string('owner').notNullable()
    t.string('lease_until', 24).notNullable()
    t.string('started_at', 24).notNullable()
  })
}
