import { createHash, randomInt } from 'node:crypto'
import { notFound } from '#contract'
import { type Db, isoTime, newId, pageFrom, problem } from '#sdk'

/**
 * A right to watch a channel, or one planned set of it: given to an account by name (`guest`), or as a code that the
 * first account to bring it has (`code`), perhaps sent to an address (`mail`).
 */
export interface Pass {
  id: string
  channelId: string
  /** Null: everything on the channel. */
  eventId: string | null
  kind: 'guest' | 'code' | 'mail'
  mark: string
  /** Last four signs of the code. */
  hint: string | null
  email: string | null
  accountId: string | null
  createdAt: string
  claimedAt: string | null
  revokedAt: string | null
}

const table = 'live_passes'
/** Without signs that are taken for one another. */
const signs = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'

/** Twelve signs in three groups, 59 bits. */
function newCode(): string {
  const group = () => Array.from({ length: 4 }, () => signs[randomInt(signs.length)]).join('')
  return [group(), group(), group()].join('-')
}

/** However it was typed: without the hyphens, in small letters. */
function markOfCode(code: string): string {
  const plain = code.toUpperCase().replace(/[^0-9A-Z]/g, '')
  return createHash('sha256').update(plain).digest('hex')
}

type Where = { channelId: string; eventId: string | null }
const bare = { hint: null, email: null, accountId: null, claimedAt: null, revokedAt: null }

/** One that was taken back is good again. */
export async function insertGuest(db: Db, where: Where, accountId: string): Promise<Pass> {
  const now = isoTime()
  const mark = `guest ${where.channelId} ${where.eventId ?? ''} ${accountId}`
  const row: Pass = {
    ...bare,
    id: newId(),
    ...where,
    kind: 'guest',
    mark,
    accountId,
    createdAt: now,
    claimedAt: now,
  }
  const rows: Pass[] = await db<Pass>(table)
    .insert(row)
    .onConflict('mark')
    .merge(['revoked_at'] as never)
    .returning('*')
  return rows[0] ?? row
}

/** Codes are only known here; the rows hold their hashes. */
export async function insertCodes(
  db: Db,
  where: Where,
  wish: { count: number; email?: string },
): Promise<{ pass: Pass; code: string }[]> {
  const createdAt = isoTime()
  const made = Array.from({ length: wish.count }, () => {
    const code = newCode()
    const kind = wish.email === undefined ? ('code' as const) : ('mail' as const)
    const more = { kind, mark: markOfCode(code), hint: code.slice(-4), email: wish.email ?? null, createdAt }
    return { code, pass: { ...bare, id: newId(), ...where, ...more } }
  })
  await db(table).insert(made.map(({ pass }) => pass))
  return made
}

/** The first account to bring a code has it; null for everybody after it, and for what is no code here. */
export async function claimCode(
  db: Db,
  channelId: string,
  claim: { code: string; accountId: string },
): Promise<Pass | null> {
  const mark = markOfCode(claim.code)
  const { accountId } = claim
  const rows: Pass[] = await db<Pass>(table)
    .where({ channelId, mark })
    .whereNull('revokedAt')
    .where((either) => either.whereNull('accountId').orWhere({ accountId }))
    .update({ accountId, claimedAt: isoTime() })
    .returning('*')
  return rows[0] ?? null
}

/** What of these channels the account was given, codes and all. */
export async function passesOf(
  db: Db,
  accountId: string,
  channelIds: string[],
): Promise<Pick<Pass, 'channelId' | 'eventId'>[]> {
  if (channelIds.length === 0) return []
  return db<Pass>(table)
    .select('channelId', 'eventId')
    .where({ accountId })
    .whereNull('revokedAt')
    .whereIn('channelId', channelIds)
}

/** How many codes were mailed since: to that address, and from all channels of that owner; those taken back, too. */
export async function countMailed(
  db: Db,
  which: { email: string; ownerId: string | null },
  since: string,
): Promise<{ toAddress: number; byOwner: number }> {
  const mailed = () => db(table).where({ kind: 'mail' }).where('createdAt', '>=', since)
  const own = db('live_channels').select('id').where({ ownerId: which.ownerId })
  const [toAddress, byOwner] = await Promise.all([
    mailed().whereRaw('lower(email) = ?', [which.email.toLowerCase()]).count({ n: '*' }).first(),
    mailed()
      .whereIn('channelId', own as never)
      .count({ n: '*' })
      .first(),
  ])
  return { toAddress: Number(toAddress?.n ?? 0), byOwner: Number(byOwner?.n ?? 0) }
}

/** Newest first, without those taken back. */
export async function listPasses(
  db: Db,
  channelId: string,
  page: { after?: string | undefined; limit: number },
): Promise<{ items: Pass[]; next: string | null }> {
  const query = db<Pass>(table)
    .where({ channelId })
    .whereNull('revokedAt')
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.after) query.where('id', '<', page.after)
  const rows: Pass[] = await query
  return pageFrom(rows, page.limit)
}

export async function getPass(db: Db, id: string): Promise<Pass> {
  const pass: Pass | undefined = await db<Pass>(table).where({ id }).whereNull('revokedAt').first()
  if (!pass) throw problem(notFound)
  return pass
}

/** False when it was taken back before. */
export async function revokePass(db: Db, id: string): Promise<boolean> {
  const changes = { revokedAt: isoTime() }
  return (await db(table).where({ id }).whereNull('revokedAt').update(changes)) > 0
}

/** Somebody is gone: a code they brought is used up, but names nobody. */
export async function forgetPassesOf(db: Db, accountId: string): Promise<void> {
  await db(table).where({ accountId, kind: 'guest' }).delete()
  await db(table).where({ accountId }).update({ accountId: null, email: null, revokedAt: isoTime() })
}

export async function passesHeldBy(db: Db, accountId: string): Promise<Pass[]> {
  return db<Pass>(table).where({ accountId }).whereNull('revokedAt').orderBy('id')
}
