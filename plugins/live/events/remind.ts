import { type Db, isoTime, type JobRun } from '#sdk'
import { claimFollowerMails, followersToMail } from '../access/follows.ts'
import { getChannelById } from '../channels.ts'
import { remindOfSet, tellCancelled, tellFollowers } from '../contract.ts'
import type { LiveContext } from '../settings.ts'
import { findStream } from '../streams.ts'
import { findSet, type PlannedSet } from './events.ts'
import { type About, cancelledMail, onAirMail, reminderMail } from './mails.ts'
import { accountsOf, accountsReminded, accountsToRemind, claimReminders, takeReminders } from './reminders.ts'

const batch = 100
/** A stream that comes back is no new one to those who were told. */
const quietMs = 3 * 3_600_000

/** In the caller's transaction. Harmless when planned twice: a set's time has one job. */
export async function planReminders(ctx: LiveContext, db: Db, set: PlannedSet): Promise<void> {
  const { id: eventId, startsAt } = set
  const at = new Date(Date.parse(startsAt) - ctx.settings.get().remindBeforeMin * 60_000)
  if (Date.parse(startsAt) <= Date.now()) return
  await ctx.jobs.enqueue(db, remindOfSet, { eventId, startsAt }, { at, key: `${eventId} ${startsAt}` })
}

export async function tellFollowersOf(
  { jobs, db }: LiveContext,
  what: { channelId: string; streamId: string },
): Promise<void> {
  await jobs.enqueue(db, tellFollowers, what, { key: what.streamId })
}

/** The mails about sets; each is queued in the transaction that takes note of it, so nobody gets one twice. */
export function handleReminders(ctx: LiveContext): void {
  const { jobs, db } = ctx
  jobs.handle(remindOfSet, async ({ eventId, startsAt }, run) => {
    const set = await findSet(db, eventId)
    // Moved or cancelled since: the new time has a job of its own.
    if (set?.startsAt !== startsAt || set.status === 'cancelled' || set.untilAt <= isoTime()) return
    const about = { ctx, channel: await getChannelById(db, set.channelId) }
    await mailAll(about, run, {
      list: () => accountsToRemind(db, eventId, batch),
      claim: (db, ids) => claimReminders(db, eventId, ids),
      write: (to, accountId) => reminderMail(about, set, { to, accountId }),
    })
  })
  jobs.handle(tellCancelled, async ({ eventId }, run) => {
    const set = await findSet(db, eventId)
    if (set?.status !== 'cancelled') return
    const about = { ctx, channel: await getChannelById(db, set.channelId) }
    await mailAll(about, run, {
      list: () => accountsOf(db, eventId, batch),
      claim: (db, ids) => takeReminders(db, eventId, ids),
      write: (to, accountId) => cancelledMail(about, set, { to, accountId }),
    })
  })
  jobs.handle(tellFollowers, ({ channelId, streamId }, run) => tellOnAir(ctx, { channelId, streamId }, run))
}

/** Those who wait for the set and were not reminded, and the followers who want every mail; who is both has one. */
async function tellOnAir(
  ctx: LiveContext,
  { channelId, streamId }: { channelId: string; streamId: string },
  run: JobRun,
): Promise<void> {
  const { db } = ctx
  const stream = await findStream(db, streamId)
  if (!stream || stream.status === 'ended') return
  const { eventId } = stream
  const set = eventId ? await findSet(db, eventId) : null
  const about = { ctx, channel: await getChannelById(db, channelId) }
  const since = isoTime(new Date(Date.now() - quietMs))
  const write = (to: Mailed['to'], accountId: string) =>
    onAirMail(about, set?.title ?? null, { to, accountId })
  // Who was reminded of the set knows of it.
  const reminded = new Set(eventId ? await accountsReminded(db, eventId) : [])
  if (eventId)
    await mailAll(about, run, {
      list: () => accountsToRemind(db, eventId, batch),
      claim: async (db, ids) => {
        const claimed = await claimReminders(db, eventId, ids)
        for (const id of claimed) reminded.add(id)
        return claimed
      },
      write,
    })
  await mailAll(about, run, {
    list: () => followersToMail(db, channelId, { since, limit: batch }),
    claim: async (db, accountIds) => {
      const claimed = await claimFollowerMails(db, channelId, { since, accountIds })
      return claimed.filter((id) => !reminded.has(id))
    },
    write,
  })
}

interface Mailed {
  to: Parameters<typeof reminderMail>[2]['to']
}
interface Round {
  /** The next of those who are owed a mail. */
  list(): Promise<string[]>
  /** Takes note of them; answers those to whom it goes. */
  claim(db: Db, accountIds: string[]): Promise<string[]>
  write(to: Mailed['to'], accountId: string): Parameters<LiveContext['mailer']['send']>[1]
}

/** Batch by batch until nobody is owed one; what a stopped server leaves, the next run of the job goes on with. */
async function mailAll({ ctx }: About, run: JobRun, round: Round): Promise<void> {
  for (let sent = 0; ; sent += batch) {
    if (run.signal.aborted) throw run.signal.reason
    const ids = await round.list()
    if (ids.length === 0) return
    const boxes = await ctx.accounts.mailboxes(ids, 'live')
    await ctx.db.tx(async (db) => {
      for (const id of await round.claim(db, ids)) {
        const to = boxes.get(id)
        if (to) await ctx.mailer.send(db, round.write(to, id))
      }
    })
    await run.progress(0.5, `${sent + ids.length} mails`)
  }
}
