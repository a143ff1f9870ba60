import { type Db, isoTime } from '#sdk'

/** Somebody who wants to know of a channel; `isMailed`: also by mail, when it goes on air. */
export interface Follow {
  channelId: string
  accountId: string
  isMailed: boolean
  /** When the last of those mails was queued. */
  mailedAt: string | null
  createdAt: string
}

const table = 'live_follows'

export async function findFollow(db: Db, channelId: string, accountId: string): Promise<Follow | null> {
  return (await db<Follow>(table).where({ channelId, accountId }).first()) ?? null
}

export async function countFollowers(db: Db, channelId: string): Promise<number> {
  const row = await db(table).where({ channelId }).count({ n: '*' }).first()
  return Number(row?.n ?? 0)
}

/** Those of these channels that the account follows. */
export async function followedAmong(db: Db, accountId: string, channelIds: string[]): Promise<string[]> {
  if (channelIds.length === 0) return []
  return db(table).where({ accountId }).whereIn('channelId', channelIds).pluck('channel_id')
}

/** What an account follows, newest channel first; the cursor is a channel's id. */
export async function listFollows(
  db: Db,
  accountId: string,
  page: { after?: string | undefined; limit: number },
): Promise<{ items: Follow[]; next: string | null }> {
  const query = db<Follow>(table)
    .where({ accountId })
    .orderBy('channelId', 'desc')
    .limit(page.limit + 1)
  if (page.after) query.where('channelId', '<', page.after)
  const rows: Follow[] = await query
  const items = rows.slice(0, page.limit)
  return { items, next: rows.length > page.limit ? (items.at(-1)?.channelId ?? null) : null }
}

/** A second time changes nothing but the mails, where they are named. */
export async function insertFollow(
  db: Db,
  follow: { channelId: string; accountId: string; isMailed?: boolean },
): Promise<void> {
  const { isMailed, ...who } = follow
  const row = { ...who, isMailed: isMailed ?? false, mailedAt: null, createdAt: isoTime() }
  const added = db(table).insert(row).onConflict(['channel_id', 'account_id'])
  await (isMailed === undefined ? added.ignore() : added.merge(['is_mailed']))
}

export async function setFollowMails(
  db: Db,
  who: { channelId: string; accountId: string },
  isMailed: boolean,
): Promise<void> {
  await db(table).where(who).update({ isMailed })
}

/** False when there was none. */
export async function removeFollow(db: Db, channelId: string, accountId: string): Promise<boolean> {
  return (await db(table).where({ channelId, accountId }).delete()) > 0
}

export async function removeFollowsOf(db: Db, accountId: string): Promise<void> {
  await db(table).where({ accountId }).delete()
}

/** Ids of followers that are still owed a mail: none was sent to them since `since`. */
export async function followersToMail(
  db: Db,
  channelId: string,
  page: { since: string; limit: number },
): Promise<string[]> {
  return owed(db, channelId, page.since).orderBy('accountId').limit(page.limit).pluck('account_id')
}

/** Takes note that they are mailed; only those for whom this call was the first. */
export async function claimFollowerMails(
  db: Db,
  channelId: string,
  claim: { since: string; accountIds: string[] },
): Promise<string[]> {
  const rows: { accountId: string }[] = await owed(db, channelId, claim.since)
    .whereIn('accountId', claim.accountIds)
    .update({ mailedAt: isoTime() })
    .returning('account_id')
  return rows.map((row) => row.accountId)
}

function owed(db: Db, channelId: string, since: string) {
  return db(table)
    .where({ channelId, isMailed: true })
    .where((either) => either.whereNull('mailedAt').orWhere('mailedAt', '<', since))
}
