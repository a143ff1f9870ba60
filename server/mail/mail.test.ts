import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Job } from '#contract'
import { type Db, type Jobs, type Log, newId, ProblemError } from '#sdk'
import { up } from '../../migrations/0003-mail.ts'
import { databaseKinds, type TestDatabase, testDatabase } from '../../test/kit/databases.ts'
import {
  createMailer,
  forgetMail,
  listOutbox,
  type MailSettings,
  readMail,
  type SiteMailer,
  sendMail,
} from './index.ts'

const log: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** Jobs kept in memory, run when the test says so, each try by hand. */
function memoryJobs() {
  const waiting: { payload: unknown; attempt: number }[] = []
  let handler: (payload: never, run: never) => Promise<void> = async () => {}
  const jobs: Pick<Jobs, 'enqueue' | 'handle'> = {
    enqueue: async <Payload>(db: Db, job: Job<Payload>, payload: Payload) => {
      const parsed = job.payload.parse(payload)
      db.afterCommit(() => waiting.push({ payload: parsed, attempt: 1 }))
      return newId()
    },
    handle: (_job, work) => {
      handler = work as typeof handler
    },
  }
  const run = async () => {
    for (const job of waiting.splice(0)) {
      const { payload, attempt } = job
      const stub = { id: newId(), attempt, signal: new AbortController().signal, progress: async () => {} }
      try {
        await handler(payload as never, stub as never)
      } catch {
        if (attempt < (sendMail.attempts ?? 5)) waiting.push({ payload, attempt: attempt + 1 })
      }
    }
    return waiting.length
  }
  return { jobs, run, waiting }
}

interface Smtp {
  received: { to: string[]; source: string }[]
  settings: MailSettings
  close(): Promise<void>
}

async function smtpServer(options: SMTPServerOptions = {}): Promise<Smtp> {
  const received: Smtp['received'] = []
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    allowInsecureAuth: true,
    onData: async (stream, session, done) => {
      const source = await text(stream)
      received.push({ to: session.envelope.rcptTo.map((to) => to.address), source })
      done()
    },
    ...options,
  })
  server.on('error', () => {})
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const { port } = listening.address() as AddressInfo
  return {
    received,
    settings: { host: '127.0.0.1', port, secure: false, from: 'Label <mail@label.example>' },
    close: () => new Promise((done) => server.close(() => done())),
  }
}

const refusal = (code: number) => Object.assign(new Error('not now'), { responseCode: code })

for (const kind of databaseKinds) {
  const test = suite(`mail on ${kind}`)
  let database: TestDatabase
  let settings: MailSettings | null
  let mailer: SiteMailer
  let jobs: ReturnType<typeof memoryJobs>
  let smtp: Smtp | null

  test.before.each(async () => {
    database = await testDatabase(kind)
    await up(database.db)
    jobs = memoryJobs()
    settings = null
    smtp = null
    mailer = createMailer({ database, jobs: jobs.jobs, settings: () => settings, log })
  })
  test.after.each(async () => {
    await smtp?.close()
    await database.close()
  })
  const listen = async (options?: SMTPServerOptions) => {
    smtp = await smtpServer(options)
    settings = smtp.settings
    return smtp
  }
  const only = async () => {
    const [first] = (await listOutbox(database.db)).items
    return readMail(database.db, first?.id ?? newId())
  }
  const hello = { to: 'fan@fans.example', subject: 'Hello', text: 'Été\n', html: '<p>Été</p>' }

  test('hands a mail to the SMTP server and marks it sent', async () => {
    const server = await listen()
    await mailer.send(database.db, hello)
    assert.is((await only()).state, 'queued')
    await jobs.run()
    const mail = await only()
    assert.equal([mail.state, mail.lastError], ['sent', null])
    assert.match(mail.sentAt ?? '', /^\d{4}-.*Z$/)
    assert.equal(server.received[0]?.to, ['fan@fans.example'])
    const source = server.received[0]?.source ?? ''
    assert.match(source, `Message-ID: <${mail.id}@label.example>`)
    assert.match(source, 'From: Label <mail@label.example>')
    assert.match(source, 'multipart/alternative')
  })

  test('keeps no working link of a mail that was sent [SEC-09]', async () => {
    const server = await listen()
    const link = 'https://label.example/reset#token=k3J9xQ2m7Zp4Lw8s'
    await mailer.send(database.db, { ...hello, text: `Go on: ${link}\n`, html: `<a href="${link}">on</a>` })
    assert.match((await only()).text, link, 'until then it is needed')
    await jobs.run()
    assert.match((server.received[0]?.source ?? '').replace(/=3D/g, '=').replace(/=\r\n/g, ''), link)
    const { text, html } = await only()
    assert.match(text, 'https://label.example/reset#token=…')
    assert.not.match(`${text}${html}`, 'k3J9xQ2m7Zp4Lw8s')
  })

  test('sends nothing when the transaction was undone', async () => {
    const server = await listen()
    await database.db
      .tx(async (db) => {
        await mailer.send(db, hello)
        throw new Error('undone')
      })
      .catch(() => {})
    await jobs.run()
    assert.is(server.received.length, 0)
    assert.equal((await listOutbox(database.db)).items, [])
  })

  test('sends a mail once when its job runs twice', async () => {
    const server = await listen()
    await mailer.send(database.db, hello)
    jobs.waiting.push(...jobs.waiting)
    await jobs.run()
    assert.is(server.received.length, 1)
  })

  test('keeps the mail without SMTP, and sends it when SMTP is set', async () => {
    await mailer.send(database.db, hello)
    await mailer.send(database.db, { ...hello, subject: 'Second' })
    assert.is(jobs.waiting.length, 0)
    const held = await listOutbox(database.db, { state: 'held' })
    assert.equal(
      held.items.map((mail) => mail.subject),
      ['Second', 'Hello'],
    )
    assert.not(Object.hasOwn(held.items[0] ?? {}, 'html'))
    const server = await listen()
    assert.is(await mailer.releaseHeld(), 2)
    assert.is(await mailer.releaseHeld(), 0)
    await jobs.run()
    assert.is(server.received.length, 2)
    assert.is((await listOutbox(database.db, { state: 'sent' })).items.length, 2)
  })

  test('holds a queued mail when SMTP was taken away', async () => {
    await listen()
    await mailer.send(database.db, hello)
    settings = null
    await jobs.run()
    assert.is((await only()).state, 'held')
  })

  test('gives up at once on a mail the server refuses for good', async () => {
    const server = await listen({ onRcptTo: (_address, _session, done) => done(refusal(550)) })
    await mailer.send(database.db, hello)
    assert.is(await jobs.run(), 0)
    const mail = await only()
    assert.is(mail.state, 'failed')
    assert.match(mail.lastError ?? '', '550')
    assert.is(server.received.length, 0)
    await mailer.resend(database.db, mail.id)
    assert.equal([(await only()).state, jobs.waiting.length], ['queued', 1])
  })

  test('tries again after greylisting until the server takes the mail', async () => {
    let tries = 0
    const server = await listen({
      onRcptTo: (_address, _session, done) => {
        tries += 1
        done(tries < 3 ? refusal(451) : null)
      },
    })
    await mailer.send(database.db, hello)
    assert.is(await jobs.run(), 1)
    const between = await only()
    assert.is(between.state, 'queued')
    assert.match(between.lastError ?? '', '451')
    while ((await jobs.run()) > 0);
    assert.equal([(await only()).state, tries, server.received.length], ['sent', 3, 1])
  })

  test('tries again where no server answers or the password is wrong, then says why it failed', async () => {
    const server = await listen({ onAuth: (_auth, _session, done) => done(refusal(535)) })
    settings = { ...server.settings, user: 'label', password: 'hunter2' }
    await mailer.send(database.db, hello)
    assert.is(await jobs.run(), 1)
    assert.is((await only()).state, 'queued')
    await server.close()
    smtp = null
    while ((await jobs.run()) > 0);
    const mail = await only()
    assert.is(mail.state, 'failed')
    assert.match(mail.lastError ?? '', 'ECONNREFUSED')
    assert.not.match(mail.lastError ?? '', 'hunter2')
  })

  test('lets nobody add headers or receivers', async () => {
    const server = await listen()
    await mailer.send(database.db, { ...hello, subject: 'Hi\r\nBcc: spy@evil.example\r\n\r\nbody' })
    await jobs.run()
    assert.equal(server.received[0]?.to, ['fan@fans.example'])
    assert.not.match(server.received[0]?.source ?? '', /^Bcc:/im)
    assert.is((await only()).subject, 'Hi Bcc: spy@evil.example body')
    for (const to of [
      'a@b.example, c@d.example',
      'a@b.example\r\nRCPT TO:<x@y.z>',
      'nobody',
      '<a@b>',
      'a b@c',
    ])
      assert.instance(await mailer.send(database.db, { ...hello, to }).catch((error) => error), ProblemError)
  })

  test('pages through the outbox and forgets what was sent long ago', async () => {
    for (const subject of ['1', '2', '3']) await mailer.send(database.db, { ...hello, subject })
    const first = await listOutbox(database.db, { limit: 2 })
    assert.is(first.next, first.items[1]?.id)
    const second = await listOutbox(database.db, { limit: 2, after: first.next ?? '' })
    assert.equal([second.items.map((mail) => mail.subject), second.next], [['1'], null])
    await database.db('mail_outbox').where({ subject: '1' }).update({ state: 'sent' })
    assert.is(await forgetMail(database.db, new Date(Date.now() - 1000)), 0)
    assert.is(await forgetMail(database.db, new Date(Date.now() + 1000)), 1)
    assert.is((await listOutbox(database.db)).items.length, 2)
    assert.instance(await readMail(database.db, newId()).catch((error) => error), ProblemError)
  })

  test.run()
}
