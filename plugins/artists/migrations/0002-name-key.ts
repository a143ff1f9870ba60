import type { Db } from '#sdk'
import { nameKey } from '../names.ts'

/** Names by which a credit finds its page, whatever its capitals. */
export async function up(db: Db): Promise<void> {
  await db.schema.alterTable('artists_artists', (t) => {
    t.string('name_key', 80).notNullable().defaultTo('')
  })
  const rows: { id: string; name: string }[] = await db('artists_artists').select('id', 'name')
  for (const { id, name } of rows)
    await db('artists_artists')
      .where({ id })
      .update({ nameKey: nameKey(name) })
  await db.schema.alterTable('artists_artists', (t) => {
    t.index(['name_key'])
  })
}
