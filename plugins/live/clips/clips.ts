import { notFound } from '#contract'
import { type Db, isoTime, newId, pageFrom, problem } from '#sdk'

/** A row of live_clips. */
export interface ClipRow {
  id: string
  channelId: string
  streamId: string
  /** Null for somebody who is gone. */
  makerId: string | null
  title: string
  status: 'making' | 'ready' | 'failed'
  /** What was asked for, by the stream's clock. */
  fromAt: string
  untilAt: string
  createdAt: string
  durationMs: number
  sizeBytes: number
  hasVideo: boolean
  fileKey: string | null
  posterKey: string | null
}

const table = 'live_clips'

export async function insertClip(
  db: Db,
  input: Pick<ClipRow, 'channelId' | 'streamId' | 'makerId' | 'title' | 'fromAt' | 'untilAt' | 'hasVideo'>,
): Promise<ClipRow> {
  const clip: ClipRow = {
    id: newId(),
    ...input,
    status: 'making',
    createdAt: isoTime(),
    durationMs: Date.parse(input.untilAt) - Date.parse(input.fromAt),
    sizeBytes: 0,
    fileKey: null,
    posterKey: null,
  }
  await db(table).insert(clip)
  return clip
}

export async function findClip(db: Db, id: string): Promise<ClipRow | null> {
  return (await db<ClipRow>(table).where({ id }).first()) ?? null
}

export async function getClip(db: Db, id: string): Promise<ClipRow> {
  const clip = await findClip(db, id)
  if (!clip) throw problem(notFound)
  return clip
}

/** Newest first: those that are ready, and all of `makerId`'s own. */
export async function listClips(
  db: Db,
  page: {
    channelId: string
    streamId?: string | undefined
    makerId?: string | undefined
    after?: string | undefined
    limit: number
  },
): Promise<{ items: ClipRow[]; next: string | null }> {
  const { channelId, streamId, makerId, after, limit } = page
  const query = db<ClipRow>(table)
    .where({ channelId })
    .where((either) => {
      either.where({ status: 'ready' })
      if (makerId) either.orWhere({ makerId })
    })
    .orderBy('id', 'desc')
    .limit(limit + 1)
  if (streamId) query.where({ streamId })
  if (after) query.where('id', '<', after)
  const rows: ClipRow[] = await query
  return pageFrom(rows, limit)
}

/** How many this member made since then. */
export async function countClipsOf(db: Db, makerId: string, since: string): Promise<number> {
  const row = await db(table).where({ makerId }).where('createdAt', '>=', since).count({ n: '*' }).first()
  return Number(row?.n ?? 0)
}

export async function listClipsOf(db: Db, makerId: string): Promise<ClipRow[]> {
  return db<ClipRow>(table).where({ makerId }).orderBy('id')
}

/** Only while it is being made: one that was deleted meanwhile stays away. False then. */
export async function setMade(
  db: Db,
  id: string,
  made: Pick<ClipRow, 'status'> &
    Partial<Pick<ClipRow, 'durationMs' | 'sizeBytes' | 'fileKey' | 'posterKey' | 'fromAt'>>,
): Promise<boolean> {
  return (await db(table).where({ id, status: 'making' }).update(made)) > 0
}

export async function renameClip(db: Db, id: string, title: string): Promise<void> {
  await db(table).where({ id }).update({ title })
}

export async function removeClip(db: Db, id: string): Promise<void> {
  await db(table).where({ id }).delete()
}

/** Clips of somebody who is gone stay, nobody's. */
export async function disownClips(db: Db, makerId: string): Promise<void> {
  await db(table).where({ makerId }).update({ makerId: null })
}
