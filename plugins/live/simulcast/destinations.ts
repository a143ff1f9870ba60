import { notFound } from '#contract'
import { type Db, isoTime, newId, problem } from '#sdk'
import { tooManySimulcasts } from '../contract.ts'

/** Another server that a channel is sent on to; its key is the secret `live.simulcast/<id>`. */
export interface Destination {
  id: string
  channelId: string
  title: string
  url: string
  isOn: boolean
  createdAt: string
}

const table = 'live_simulcasts'
const most = 10

export const secretOf = (id: string): string => `simulcast/${id}`

export async function listDestinations(db: Db, channelId: string): Promise<Destination[]> {
  return db<Destination>(table).where({ channelId }).orderBy('id')
}

export async function getDestination(db: Db, id: string): Promise<Destination> {
  const row: Destination | undefined = await db<Destination>(table).where({ id }).first()
  if (!row) throw problem(notFound)
  return row
}

/** Refuses with `tooManySimulcasts`. */
export async function insertDestination(
  db: Db,
  input: Pick<Destination, 'channelId' | 'title' | 'url' | 'isOn'>,
): Promise<Destination> {
  const others = await listDestinations(db, input.channelId)
  if (others.length >= most) throw problem(tooManySimulcasts)
  const row: Destination = { id: newId(), ...input, createdAt: isoTime() }
  await db(table).insert(row)
  return row
}

export async function updateDestination(
  db: Db,
  id: string,
  changes: { title?: string | undefined; url?: string | undefined; isOn?: boolean | undefined },
): Promise<void> {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
  if (Object.keys(given).length > 0) await db(table).where({ id }).update(given)
}

export async function removeDestination(db: Db, id: string): Promise<void> {
  await db(table).where({ id }).delete()
}
