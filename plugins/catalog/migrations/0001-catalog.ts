import type { Db } from '#sdk'

/** Releases, their tracks, and what finds them. */
export async function up(db: Db): Promise<void> {
  await releases(db)
  await tracks(db)
  await finders(db)
  await rest(db)
}

async function releases(db: Db): Promise<void> {
  await db.schema.createTable('catalog_releases', (t) => {
    t.uuid('id').primary()
    t.string('slug', 40).notNullable().unique()
    t.string('kind', 12).notNullable()
    t.string('title', 200).notNullable()
    t.text('credits_json').notNullable()
    t.string('label', 120).notNullable()
    t.string('catalog_number', 40).notNullable()
    t.string('upc', 13)
    t.string('p_line', 200).notNullable()
    t.string('c_line', 200).notNullable()
    t.string('genre', 60).notNullable()
    t.string('genre_key', 60).notNullable()
    t.text('tags_json').notNullable()
    t.string('licence', 80).notNullable()
    t.string('release_date', 10)
    // The release date as a whole day; that of publishing or beginning where there is none.
    t.string('sorted_on', 10).notNullable()
    t.text('description').notNullable()
    t.boolean('is_downloadable').notNullable()
    t.string('status', 12).notNullable()
    t.string('visibility', 12).notNullable()
    // 0 found by everybody, 1 by members, 2 by its editors, 3 in the trash.
    t.integer('audience').notNullable()
    t.string('publish_at', 24)
    t.string('published_at', 24)
    t.string('unlisted_key', 40).notNullable()
    t.string('cover_key')
    t.string('cover_colour', 7)
    t.double('loudness_lufs')
    t.double('loudness_range_lu')
    t.double('true_peak_dbtp')
    t.integer('track_count').notNullable()
    t.bigInteger('duration_ms').notNullable()
    t.uuid('owner_id')
    t.string('trashed_at', 24)
    t.string('created_at', 24).notNullable()
    t.string('updated_at', 24).notNullable()
    t.index(['owner_id', 'id'])
  })
  for (const [name, columns] of [
    ['sorted', 'sorted_on, id'],
    ['kind', 'kind, sorted_on, id'],
    ['genre', 'genre_key, sorted_on, id'],
  ])
    for (const audience of [0, 1, 2]) {
      const fits = audience === 0 ? 'audience = 0' : `audience <= ${audience}`
      await db.raw(
        `create index catalog_releases_${name}_${audience} on catalog_releases (${columns}) where ${fits}`,
      )
    }
  await db.raw(
    `create index catalog_releases_due on catalog_releases (publish_at) where status = 'scheduled'`,
  )
  await db.raw(
    'create index catalog_releases_trash on catalog_releases (trashed_at) where trashed_at is not null',
  )
  await db.raw(
    'create index catalog_releases_cover on catalog_releases (cover_key) where cover_key is not null',
  )
}

async function tracks(db: Db): Promise<void> {
  await db.schema.createTable('catalog_tracks', (t) => {
    t.uuid('id').primary()
    t.uuid('release_id').notNullable().references('id').inTable('catalog_releases').onDelete('cascade')
    t.uuid('asset_id').notNullable().index()
    t.integer('audience').notNullable()
    t.integer('disc_number').notNullable()
    t.integer('track_number').notNullable()
    t.string('title', 200).notNullable()
    // Bytes, so that both databases sort alike, in any locale.
    t.binary('title_key').notNullable()
    t.text('credits_json').notNullable()
    t.text('tags_json').notNullable()
    t.string('genre', 60).notNullable()
    t.string('genre_key', 60).notNullable()
    t.double('bpm')
    // 1000 where there is none: those come last.
    t.double('bpm_order').notNullable()
    t.string('musical_key', 4)
    t.string('isrc', 12)
    t.boolean('is_explicit').notNullable()
    t.boolean('is_lossless').notNullable()
    t.boolean('is_ready').notNullable()
    t.string('language', 35).notNullable()
    t.string('licence', 80).notNullable()
    t.bigInteger('duration_ms').notNullable()
    t.double('loudness_lufs')
    t.double('loudness_range_lu')
    t.double('true_peak_dbtp')
    t.integer('plays').notNullable()
    // What rules look at, in small letters; names in lines of their own.
    t.text('title_plain').notNullable()
    t.text('artist_keys').notNullable()
    t.text('tag_keys').notNullable()
    t.string('release_key', 200).notNullable()
    t.string('label_key', 120).notNullable()
    t.string('released_on', 10)
    t.integer('released_year')
    t.integer('chance').notNullable()
    // What a playlist file may say of it.
    t.string('match_key').notNullable().index()
    t.string('file_key').notNullable().index()
    t.string('trashed_at', 24)
    t.string('created_at', 24).notNullable()
    t.string('updated_at', 24).notNullable()
    t.index(['release_id', 'disc_number', 'track_number'])
    t.index(['isrc'])
  })
  for (const [name, columns] of [
    ['newest', 'id'],
    ['title', 'title_key, id'],
    ['plays', 'plays, id'],
    ['duration', 'duration_ms, id'],
    ['bpm', 'bpm_order, id'],
    ['genre', 'genre_key, id'],
    ['key', 'musical_key, bpm_order, id'],
  ])
    for (const audience of [0, 1]) {
      const fits = audience === 0 ? 'audience = 0' : 'audience <= 1'
      await db.raw(
        `create index catalog_tracks_${name}_${audience} on catalog_tracks (${columns}) where ${fits}`,
      )
    }
  await db.raw(
    'create index catalog_tracks_trash on catalog_tracks (trashed_at) where trashed_at is not null',
  )
  await db.schema.createTable('catalog_lyrics', (t) => {
    t.uuid('track_id').primary().references('id').inTable('catalog_tracks').onDelete('cascade')
    t.text('lyrics').notNullable()
    t.text('synced_lyrics').notNullable()
  })
}

/** Made of the rows above, to look them up by; `subject_id` is a track or a release. */
async function finders(db: Db): Promise<void> {
  await db.schema.createTable('catalog_credits', (t) => {
    t.uuid('subject_id').notNullable()
    t.integer('position').notNullable()
    t.boolean('is_track').notNullable()
    t.string('name', 120).notNullable()
    t.string('name_key', 120).notNullable()
    t.string('role', 40).notNullable()
    // Main or featured, not a mere credit.
    t.boolean('is_artist').notNullable()
    t.uuid('artist_id')
    t.integer('audience').notNullable()
    t.string('genre_key', 60).notNullable()
    t.primary(['subject_id', 'position'])
    t.index(['name_key', 'subject_id'])
    t.index(['artist_id', 'subject_id'])
  })
  for (const audience of [0, 1]) {
    const fits = `${audience === 0 ? 'audience = 0' : 'audience <= 1'} and is_track and is_artist`
    await db.raw(
      `create index catalog_credits_names_${audience} on catalog_credits (name_key, subject_id) where ${fits}`,
    )
    await db.raw(
      `create index catalog_credits_genre_${audience} on catalog_credits (genre_key, name_key, subject_id) where ${fits}`,
    )
  }
  await db.schema.createTable('catalog_track_tags', (t) => {
    t.string('tag', 40).notNullable()
    t.uuid('track_id').notNullable().references('id').inTable('catalog_tracks').onDelete('cascade')
    t.primary(['tag', 'track_id'])
    t.index(['track_id'])
  })
  await db.schema.createTable('catalog_words', (t) => {
    t.binary('word').notNullable()
    t.uuid('track_id').notNullable().references('id').inTable('catalog_tracks').onDelete('cascade')
    t.primary(['word', 'track_id'])
    t.index(['track_id', 'word'])
  })
  await db.schema.createTable('catalog_release_words', (t) => {
    t.binary('word').notNullable()
    t.uuid('release_id').notNullable().references('id').inTable('catalog_releases').onDelete('cascade')
    t.primary(['word', 'release_id'])
    t.index(['release_id', 'word'])
  })
}

async function rest(db: Db): Promise<void> {
  await db.schema.createTable('catalog_marks', (t) => {
    t.uuid('account_id').notNullable()
    t.uuid('track_id').notNullable().references('id').inTable('catalog_tracks').onDelete('cascade')
    t.boolean('is_favourite').notNullable()
    t.integer('stars')
    t.integer('plays').notNullable()
    t.string('played_at', 24)
    t.primary(['account_id', 'track_id'])
    t.index(['track_id'])
  })
  await db.raw(
    'create index catalog_marks_favourites on catalog_marks (account_id, track_id) where is_favourite',
  )
  await db.schema.createTable('catalog_versions', (t) => {
    t.uuid('id').primary()
    t.uuid('track_id').notNullable().references('id').inTable('catalog_tracks').onDelete('cascade')
    // A file is one track's only.
    t.uuid('asset_id').notNullable().unique()
    t.string('file_name').notNullable()
    t.string('created_at', 24).notNullable()
    t.index(['track_id', 'id'])
  })
}
