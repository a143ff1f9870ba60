import type { Db } from '../db/index.ts'
import { isoTime, newId } from '../sdk/index.ts'

const key = 'people'

/**
 * Notes that sessions, roles or address rules changed. Other processes hear of it when it is committed, read the
 * rules again and look at their open sockets.
 */
export async function markChangeOfPeople(db: Db): Promise<void> {
  const row = { key, valueJson: JSON.stringify({ change: newId() }), updatedAt: isoTime() }
  await db('settings').insert(row).onConflict('key').merge()
  await db.wake()
}

/** Another text after each change. */
export async function lastChangeOfPeople(db: Db): Promise<string | null> {
  const row: { valueJson: { change: string } } | undefined = await db('settings').where({ key }).first()
  return row?.valueJson.change ?? null
}
