import { createHash, randomBytes } from 'node:crypto'
import type { Db } from '../db/index.ts'
import { isoTime } from '../sdk/index.ts'

/** What a ticket is good for; one of another purpose opens nothing. */
export type TicketPurpose =
  | 'verify'
  | 'reset'
  | 'change-email'
  | 'undo-email'
  | 'second-factor'
  | 'passkey-creation'
  | 'passkey-request'
  | 'external-state'
  | 'external-newcomer'

export interface Ticket<Payload> {
  hash: string
  accountId: string | null
  payload: Payload
  tries: number
}
interface TicketRow {
  hash: string
  purpose: string
  accountId: string | null
  payloadJson: unknown
  tries: number
  createdAt: string
  expiresAt: string
}

export const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64url')
/** 192 random bits as 32 characters that fit everywhere. */
export const newToken = (): string => randomBytes(24).toString('base64url')

/** Keeps something that is good once and for a while; resolves to its secret, of which only a hash is stored. */
export async function insertTicket(
  db: Db,
  ticket: { purpose: TicketPurpose; accountId: string | null; payload: object; ttlMs: number; now: Date },
): Promise<string> {
  const token = newToken()
  await db('tickets').insert({
    hash: hashToken(token),
    purpose: ticket.purpose,
    accountId: ticket.accountId,
    payloadJson: JSON.stringify(ticket.payload),
    createdAt: isoTime(ticket.now),
    expiresAt: isoTime(new Date(ticket.now.getTime() + ticket.ttlMs)),
  })
  return token
}

/** Spends a ticket: of parallel callers one gets it, the others null. */
export async function takeTicket<Payload>(
  db: Db,
  purpose: TicketPurpose,
  token: string,
  now: Date,
): Promise<Ticket<Payload> | null> {
  return takeTicketByHash<Payload>(db, purpose, hashToken(token), now)
}

/** The same for a ticket that another ticket names. */
export async function takeTicketByHash<Payload>(
  db: Db,
  purpose: TicketPurpose,
  hash: string,
  now: Date,
): Promise<Ticket<Payload> | null> {
  const rows = await db.raw<TicketRow[]>(
    'delete from tickets where hash = ? and purpose = ? and expires_at > ? returning *',
    [hash, purpose, isoTime(now)],
  )
  return rows[0] ? present<Payload>(rows[0]) : null
}

/** Looks at a ticket without spending it. */
export async function findTicket<Payload>(
  db: Db,
  purpose: TicketPurpose,
  token: string,
  now: Date,
): Promise<Ticket<Payload> | null> {
  const row = await db<TicketRow>('tickets')
    .where({ hash: hashToken(token), purpose })
    .where('expires_at', '>', isoTime(now))
    .first()
  return row ? present<Payload>(row as TicketRow) : null
}

/** Counts a try before it is made; null where the ticket is gone or was tried `most` times. */
export async function tryTicket<Payload>(
  db: Db,
  purpose: TicketPurpose,
  token: string,
  { most, now }: { most: number; now: Date },
): Promise<Ticket<Payload> | null> {
  const rows: TicketRow[] = await db<TicketRow>('tickets')
    .where({ hash: hashToken(token), purpose })
    .where('expires_at', '>', isoTime(now))
    .where('tries', '<', most)
    .increment('tries', 1)
    .returning('*')
  return rows[0] ? present<Payload>(rows[0]) : null
}

export async function removeTicketsOf(db: Db, accountId: string, purposes: TicketPurpose[]): Promise<void> {
  await db('tickets').where({ accountId }).whereIn('purpose', purposes).delete()
}

/** Removes tickets of one purpose made at that time or later. */
export async function removeTicketsAfter(
  db: Db,
  accountId: string,
  purpose: TicketPurpose,
  time: string,
): Promise<void> {
  await db('tickets').where({ accountId, purpose }).where('created_at', '>=', time).delete()
}

export async function removeExpiredTickets(db: Db, now: Date): Promise<void> {
  await db('tickets').where('expires_at', '<', isoTime(now)).delete()
}

const present = <Payload>({ hash, accountId, payloadJson, tries }: TicketRow): Ticket<Payload> => ({
  hash,
  accountId,
  payload: payloadJson as Payload,
  tries,
})
