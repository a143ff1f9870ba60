import { defineJob, invalidInput, z } from '#contract'
import { type Db, isoTime, type JobRun, type Jobs, type Log, type Mail, type Mailer, problem } from '#sdk'
import { withoutLinks } from './links.ts'
import { findMail, insertMail, mailIds, markMail } from './outbox.ts'
import { type MailSettings, sendBySmtp } from './smtp.ts'

export { withoutLinks } from './links.ts'
export {
  countMail,
  forgetMail,
  listOutbox,
  type MailState,
  type MailSummary,
  type OutboxMail,
  readMail,
} from './outbox.ts'
export type { MailSettings } from './smtp.ts'

/** Sends one mail of the outbox. Its tries span about an hour, longer than greylisting lasts. */
export const sendMail = defineJob({
  name: 'server.send-mail',
  payload: z.strictObject({ id: z.uuid() }),
  attempts: 8,
  backoffMs: 30_000,
  leaseMs: 120_000,
})

export interface MailerOptions {
  database: { db: Db }
  jobs: Pick<Jobs, 'enqueue' | 'handle'>
  /** Null where no SMTP is set; asked at each mail. */
  settings: () => MailSettings | null
  log: Log
}

/** The site's mailer, and what to call when SMTP was set. */
export interface SiteMailer extends Mailer {
  /** Queues every held mail; returns how many. */
  releaseHeld(): Promise<number>
  /** Queues a failed or held mail again. */
  resend(db: Db, id: string): Promise<void>
}

/** Makes a site's mailer; registers its job. */
export function createMailer(options: MailerOptions): SiteMailer {
  const { jobs } = options
  const queue = async (db: Db, id: string) => {
    await markMail(db, id, { state: 'queued', lastError: null })
    await jobs.enqueue(db, sendMail, { id }, { key: id })
  }
  jobs.handle(sendMail, ({ id }, run) => work(options, id, run))
  return {
    send: async (db, mail) => {
      const id = await insertMail(db, checked(mail), options.settings() ? 'queued' : 'held')
      if (options.settings()) await jobs.enqueue(db, sendMail, { id }, { key: id })
    },
    releaseHeld: () =>
      options.database.db.tx(async (db) => {
        const ids = await mailIds(db, 'held')
        for (const id of ids) await queue(db, id)
        return ids.length
      }),
    resend: (db, id) => queue(db, id),
  }
}

/** One address, one line of subject: neither can add headers or receivers. */
function checked(mail: Mail): Mail {
  if (!/^[^\s<>,;:"()]+@[^\s<>,;:"()@]+$/.test(mail.to) || mail.to.length > 320)
    throw problem(invalidInput, 'This is not an e-mail address.')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out.
  return { ...mail, subject: mail.subject.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ').trim() }
}

async function work(
  { database: { db }, settings, log }: MailerOptions,
  id: string,
  run: JobRun,
): Promise<void> {
  const mail = await findMail(db, id)
  // A job may run twice; only a queued mail goes out.
  if (mail?.state !== 'queued') return
  const smtp = settings()
  if (!smtp) return markMail(db, id, { state: 'held' })
  const failure = await sendBySmtp(smtp, mail)
  // What the mail's links open is its receiver's; the copy kept here opens nothing.
  if (!failure)
    return markMail(db, id, {
      state: 'sent',
      sentAt: isoTime(),
      lastError: null,
      text: withoutLinks(mail.text),
      html: mail.html && withoutLinks(mail.html),
    })
  const isOver = failure.isFinal || run.attempt >= (sendMail.attempts ?? 1)
  await markMail(db, id, { state: isOver ? 'failed' : 'queued', lastError: failure.message })
  log.warn({ mailId: id, attempt: run.attempt, reason: failure.message, isOver }, 'A mail was not sent.')
  if (!failure.isFinal) throw new Error(failure.message)
}
