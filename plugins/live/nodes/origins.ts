import { type Db, isoTime } from '#sdk'

/** A machine that takes streams and keeps their media. */
export interface Origin {
  id: string
  /** Where others reach it; null where they cannot. */
  address: string | null
  seenAt: string
}

const table = 'live_origins'

export async function saveOrigin(db: Db, origin: Pick<Origin, 'id' | 'address'>): Promise<void> {
  await db(table)
    .insert({ ...origin, seenAt: isoTime() })
    .onConflict('id')
    .merge()
}

export async function findOrigin(db: Db, id: string): Promise<Origin | null> {
  return (await db<Origin>(table).where({ id }).first()) ?? null
}

/** Which machine holds a stream's media; null for one from before there were several. */
export async function originIdOf(db: Db, streamId: string): Promise<string | null> {
  const row: { originId: string | null } | undefined = await db('live_streams')
    .select('originId')
    .where({ id: streamId })
    .first()
  return row?.originId ?? null
}

/** Streams that are not ended and come in at another machine. */
export async function openStreamsElsewhere(db: Db, originId: string): Promise<Set<string>> {
  const rows: { id: string }[] = await db('live_streams')
    .select('id')
    .whereNot({ status: 'ended' })
    .whereNotNull('originId')
    .whereNot({ originId })
  return new Set(rows.map(({ id }) => id))
}
