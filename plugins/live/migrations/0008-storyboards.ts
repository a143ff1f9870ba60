import type { Db } from '#sdk'

/** Small pictures of recordings, and the director's changes among the places that chapters are made from. */
export async function up(db: Db): Promise<void> {
  await db.schema.alterTable('live_recordings', (t) => {
    // Null until they are made.
    t.text('storyboard_json')
  })
  await db.schema.alterTable('live_chapters', (t) => {
    // The camera that was chosen; its title is the camera's then. Null for what somebody named.
    t.integer('camera')
  })
}
