import { notFound, type Page } from '#contract'
import { type Db, isoTime, type Mail, newId, problem } from '#sdk'
import { pageFrom } from '../sdk/index.ts'

/** `held`: no SMTP is set; `queued`: a job sends it; `failed`: given up, `lastError` says why. */
export type MailState = 'held' | 'queued' | 'sent' | 'failed'

/** A mail in the outbox, without its HTML. */
export interface MailSummary {
  id: string
  toAddress: string
  subject: string
  text: string
  state: MailState
  lastError: string | null
  createdAt: string
  sentAt: string | null
}
export interface OutboxMail extends MailSummary {
  html: string | null
}

const table = 'mail_outbox'
const summary = ['id', 'toAddress', 'subject', 'text', 'state', 'lastError', 'createdAt', 'sentAt']

/** The outbox, newest first. */
export async function listOutbox(
  db: Db,
  options: { after?: string | undefined; limit?: number; state?: MailState } = {},
): Promise<Page<MailSummary>> {
  const limit = options.limit ?? 30
  const query = db<MailSummary>(table)
    .select(summary)
    .orderBy('id', 'desc')
    .limit(limit + 1)
  if (options.after) query.where('id', '<', options.after)
  if (options.state) query.where({ state: options.state })
  const rows: MailSummary[] = await query
  return pageFrom(rows, limit)
}

export async function findMail(db: Db, id: string): Promise<OutboxMail | null> {
  return (await db(table).where({ id }).first()) ?? null
}

/** One mail with its text. */
export async function readMail(db: Db, id: string): Promise<OutboxMail> {
  const mail = await findMail(db, id)
  if (!mail) throw problem(notFound, 'There is no such mail.')
  return mail
}

/** Returns the new mail's id. */
export async function insertMail(db: Db, mail: Mail, state: MailState): Promise<string> {
  const row: OutboxMail = {
    id: newId(),
    toAddress: mail.to,
    subject: mail.subject,
    text: mail.text,
    html: mail.html ?? null,
    state,
    lastError: null,
    createdAt: isoTime(),
    sentAt: null,
  }
  await db(table).insert(row)
  return row.id
}

export async function markMail(
  db: Db,
  id: string,
  change: {
    state: MailState
    lastError?: string | null
    sentAt?: string
    text?: string
    html?: string | null
  },
): Promise<void> {
  await db(table).where({ id }).update(change)
}

export async function countMail(db: Db, state: MailState): Promise<number> {
  const row: { n: number } | undefined = await db(table).where({ state }).count('* as n').first()
  return row?.n ?? 0
}

/** Ids in that state, oldest first. */
export async function mailIds(db: Db, state: MailState): Promise<string[]> {
  const rows: { id: string }[] = await db(table).where({ state }).orderBy('id').select('id')
  return rows.map((row) => row.id)
}

/** Deletes sent and failed mails made before that time; mails hold links that let people in. Returns how many. */
export async function forgetMail(db: Db, before: Date): Promise<number> {
  return db(table).whereIn('state', ['sent', 'failed']).where('createdAt', '<', isoTime(before)).delete()
}
