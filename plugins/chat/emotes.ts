import { type Db, isoTime, newId } from '#sdk'

/** A row of chat_emotes. */
export interface EmoteRow {
  id: string
  name: string
  /** Of the picture in the storage. */
  pictureKey: string
  createdAt: string
}

/** All of the label's, by name. */
export async function listEmotes(db: Db): Promise<EmoteRow[]> {
  return db('chat_emotes').orderBy('name')
}

/** The emote of that name, or null. */
export async function findEmote(db: Db, name: string): Promise<EmoteRow | null> {
  return (await db('chat_emotes').where({ name }).first()) ?? null
}

export async function countEmotes(db: Db): Promise<number> {
  const row: { count: number | string } | undefined = await db('chat_emotes').count({ count: '*' }).first()
  return Number(row?.count ?? 0)
}

/** Makes an emote; one of that name keeps its id and gets this picture. */
export async function putEmote(db: Db, emote: { name: string; pictureKey: string }): Promise<EmoteRow> {
  const row = { id: newId(), ...emote, createdAt: isoTime() }
  const stored: EmoteRow[] = await db('chat_emotes')
    .insert(row)
    .onConflict(['name'])
    .merge(['picture_key'])
    .returning('*')
  return stored[0] ?? row
}

/** False where it was gone already. */
export async function removeEmote(db: Db, name: string): Promise<boolean> {
  const count: number = await db('chat_emotes').where({ name }).delete()
  return count > 0
}
