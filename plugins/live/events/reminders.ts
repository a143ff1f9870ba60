import { type Db, isoTime } from '#sdk'

/**
 * Somebody who is mailed before a planned set; `remindedAt` when that mail was queued, null again for a set that was
 * moved since. `mailedAt` stays.
 */
export interface Reminder {
  eventId: string
  accountId: string
  remindedAt: string | null
  mailedAt: string | null
  createdAt: string
}

const table = 'live_reminders'
/** Who moves a set to and fro sends nobody a mail each time. */
const quietMs = 30 * 60_000

/** A second time changes nothing. */
export async function insertReminder(db: Db, eventId: string, accountId: string): Promise<void> {
  await db(table)
    .insert({ eventId, accountId, remindedAt: null, mailedAt: null, createdAt: isoTime() })
    .onConflict(['event_id', 'account_id'])
    .ignore()
}

export async function removeReminder(db: Db, eventId: string, accountId: string): Promise<void> {
  await db(table).where({ eventId, accountId }).delete()
}

/** Ids of these sets that the account is reminded of. */
export async function remindedAmong(db: Db, accountId: string, eventIds: string[]): Promise<string[]> {
  if (eventIds.length === 0) return []
  return db(table).where({ accountId }).whereIn('eventId', eventIds).pluck('event_id')
}

export async function countReminders(db: Db, eventId: string): Promise<number> {
  const row = await db(table).where({ eventId }).count({ n: '*' }).first()
  return Number(row?.n ?? 0)
}

/** Ids of accounts that are still owed the mail. */
export async function accountsToRemind(db: Db, eventId: string, limit: number): Promise<string[]> {
  return owed(db, eventId).orderBy('accountId').limit(limit).pluck('account_id')
}

export async function accountsReminded(db: Db, eventId: string): Promise<string[]> {
  return db(table).where({ eventId }).whereNotNull('remindedAt').pluck('account_id')
}

function owed(db: Db, eventId: string) {
  const since = isoTime(new Date(Date.now() - quietMs))
  return db(table)
    .where({ eventId })
    .whereNull('remindedAt')
    .where((either) => either.whereNull('mailedAt').orWhere('mailedAt', '<', since))
}

/** Takes note that they are mailed; only those for whom this call was the first. */
export async function claimReminders(db: Db, eventId: string, accountIds: string[]): Promise<string[]> {
  const now = isoTime()
  const rows: { accountId: string }[] = await owed(db, eventId)
    .whereIn('accountId', accountIds)
    .update({ remindedAt: now, mailedAt: now })
    .returning('account_id')
  return rows.map((row) => row.accountId)
}

/** The set was moved: who heard of the old time hears of the new one. */
export async function owedAgain(db: Db, eventId: string): Promise<void> {
  await db(table).where({ eventId }).update({ remindedAt: null })
}

export async function accountsOf(db: Db, eventId: string, limit: number): Promise<string[]> {
  return db(table).where({ eventId }).orderBy('accountId').limit(limit).pluck('account_id')
}

/** The set is not to be: who is taken from the list here is told, once. */
export async function takeReminders(db: Db, eventId: string, accountIds: string[]): Promise<string[]> {
  const marks = accountIds.map(() => '?').join(', ')
  if (marks === '') return []
  const rows = await db.raw<{ accountId: string }[]>(
    `delete from live_reminders where event_id = ? and account_id in (${marks}) returning account_id`,
    [eventId, ...accountIds],
  )
  return rows.map((row) => row.accountId)
}

export async function removeRemindersOf(db: Db, accountId: string): Promise<void> {
  await db(table).where({ accountId }).delete()
}

/** Of one account on one channel. */
export async function removeRemindersOn(db: Db, channelId: string, accountId: string): Promise<void> {
  const events = db('live_events').select('id').where({ channelId })
  await db(table)
    .where({ accountId })
    .whereIn('eventId', events as never)
    .delete()
}

export async function remindersHeldBy(db: Db, accountId: string): Promise<Reminder[]> {
  return db<Reminder>(table).where({ accountId }).orderBy('eventId')
}
