import { notFound } from '#contract'
import { type Db, isoTime, newId, pageFrom, problem } from '#sdk'
import { type Access, slugTaken } from './contract.ts'

/** A place on air with its own address. `ownerId` is null for the label's own channels. */
export interface Channel {
  id: string
  slug: string
  title: string
  description: string
  ownerId: string | null
  /** Who may watch what is on air here, and its recordings, where no planned set says otherwise. */
  access: Access
  /** How much of a stream that does not end is kept, in seconds; null: everything. */
  keepS: number | null
  /** Folder of its picture; null where there is none. */
  coverKey: string | null
  createdAt: string
}

const table = 'live_channels'

export async function findChannel(db: Db, slug: string): Promise<Channel | null> {
  return (await db<Channel>(table).where({ slug }).first()) ?? null
}

export async function getChannel(db: Db, slug: string): Promise<Channel> {
  const channel = await findChannel(db, slug)
  if (!channel) throw problem(notFound)
  return channel
}

/** For the command line, where the name was typed. */
export async function getNamedChannel(db: Db, slug: string): Promise<Channel> {
  const channel = await findChannel(db, slug)
  if (!channel) throw problem(notFound, `There is no channel "${slug}"; \`veza channel create\` makes one.`)
  return channel
}

export async function channelsByIds(db: Db, ids: string[]): Promise<Map<string, Channel>> {
  const rows: Channel[] = ids.length === 0 ? [] : await db<Channel>(table).whereIn('id', [...new Set(ids)])
  return new Map(rows.map((row) => [row.id, row]))
}

/** Each with its channel, in one query; without those whose channel is gone. */
export async function withChannels<T extends { channelId: string }>(
  db: Db,
  things: readonly T[],
): Promise<[T, Channel][]> {
  const ids = things.map(({ channelId }) => channelId)
  const channels = await channelsByIds(db, ids)
  return things.flatMap((thing) => {
    const channel = channels.get(thing.channelId)
    return channel ? [[thing, channel] as [T, Channel]] : []
  })
}

export async function getChannelById(db: Db, id: string): Promise<Channel> {
  const channel = (await channelsByIds(db, [id])).get(id)
  if (!channel) throw problem(notFound)
  return channel
}

/** Newest first, with those in `first` (the ones on air) before the others. */
export async function listChannels(
  db: Db,
  page: { after?: string | undefined; limit: number; first: string[] },
): Promise<{ items: Channel[]; next: string | null }> {
  const { after, limit, first } = page
  const isPastFirst = after !== undefined && !first.includes(after)
  const leading: Channel[] = isPastFirst ? [] : await newest(db, after, limit + 1).whereIn('id', first)
  const missing = limit + 1 - leading.length
  const others: Channel[] =
    missing > 0 ? await newest(db, isPastFirst ? after : undefined, missing).whereNotIn('id', first) : []
  const rows = [...leading, ...others]
  return pageFrom(rows, limit)
}

function newest(db: Db, after: string | undefined, limit: number) {
  const query = db<Channel>(table).orderBy('id', 'desc').limit(limit)
  return after === undefined ? query : query.where('id', '<', after)
}

/** Those of one owner, or all for `ownerId` null. */
export async function listOwnChannels(db: Db, ownerId: string | null): Promise<Channel[]> {
  const query = db<Channel>(table).orderBy('title').limit(200)
  return ownerId === null ? query : query.where({ ownerId })
}

/** Channels of somebody who is gone are the label's own from then on. */
export async function disownChannels(db: Db, ownerId: string): Promise<void> {
  await db(table).where({ ownerId }).update({ ownerId: null })
}

/** Refuses with `slugTaken` where the address is in use. */
export async function insertChannel(
  db: Db,
  input: Pick<Channel, 'slug' | 'title' | 'description' | 'ownerId'> & { access?: Access | undefined },
): Promise<Channel> {
  const { access = 'public' } = input
  const channel: Channel = {
    id: newId(),
    ...input,
    access,
    keepS: null,
    coverKey: null,
    createdAt: isoTime(),
  }
  const added: { id: string }[] = await db(table).insert(channel).onConflict('slug').ignore().returning('id')
  if (added.length === 0) throw problem(slugTaken)
  return channel
}

export async function updateChannel(
  db: Db,
  id: string,
  changes: {
    title?: string | undefined
    description?: string | undefined
    access?: Access | undefined
    keepS?: number | null | undefined
  },
): Promise<void> {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
  if (Object.keys(given).length > 0) await db(table).where({ id }).update(given)
}

export async function setChannelCover(db: Db, id: string, coverKey: string | null): Promise<void> {
  await db(table).where({ id }).update({ coverKey })
}
