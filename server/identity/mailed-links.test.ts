import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { admin, identity } from '#contract'
import { type TestApp, testApp } from '../../test/kit/app.ts'
import { cookieOf, follow, login } from './testdata/member.ts'

interface Received {
  to: string[]
  source: string
}
interface Context {
  app: TestApp
  smtp: SMTPServer
  received: Received[]
}

const test = suite<Context>('mailed links')

test.before(async (context) => {
  context.received = []
  context.smtp = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: async (stream, session, done) => {
      const source = await text(stream)
      context.received.push({ to: session.envelope.rcptTo.map(({ address }) => address), source })
      done()
    },
  })
  const listening = context.smtp.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  context.app = await testApp({
    plugins: [],
    environment: {
      VEZA_MAIL_HOST: '127.0.0.1',
      VEZA_MAIL_PORT: String((listening.address() as AddressInfo).port),
      VEZA_MAIL_FROM: 'Label <mail@label.test>',
    },
  })
})
test.after(async ({ app, smtp }) => {
  await app.close()
  await new Promise<void>((done) => smtp.close(done))
})

/** Header lines (unfolded) and the text, as a mail program reads them (RFC 5322, RFC 2045). */
function read({ source }: Received): { headers: string[]; body: string } {
  const [head = '', ...rest] = source.split('\r\n\r\n')
  const headers = head
    .replace(/\r\n[ \t]+/g, ' ')
    .replace(/=\?UTF-8\?Q\?([^?]*)\?=/gi, (_all, words: string) => decode(words.replace(/_/g, ' ')))
    .split('\r\n')
  const encoding = headers.find((line) => /^content-transfer-encoding:/i.test(line)) ?? ''
  const raw = rest.join('\r\n\r\n')
  if (/base64/i.test(encoding)) return { headers, body: Buffer.from(raw, 'base64').toString('utf8') }
  if (!/quoted-printable/i.test(encoding)) return { headers, body: raw }
  return { headers, body: decode(raw.replace(/=\r\n/g, '')) }
}

/** Quoted-printable: `=C3=A9` is one letter. */
function decode(text: string): string {
  const bytes = text.replace(/=([0-9A-F]{2})/g, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

const register = (app: TestApp, name: string, more: object = {}) =>
  app.call(identity.register, {
    body: { email: `${name}@fans.test`, username: name, password: 'seven quiet harbours', ...more },
  })

async function lastTo({ app, received }: Context, address: string) {
  await app.jobs.drain()
  const mail = received.findLast(({ to }) => to.includes(address))
  assert.ok(mail, `a mail to ${address}`)
  return read(mail)
}

test('the link in the mail an SMTP server received confirms the address [AUTH-01]', async (context) => {
  const { app } = context
  await register(app, 'reader')
  const { headers, body } = await lastTo(context, 'reader@fans.test')
  assert.ok(headers.some((line) => /^Subject: .*Confirm your address/.test(line)))
  const link = new URL(/http:\/\/main\.test\/\S+/.exec(body)?.[0] ?? '')
  assert.is(link.pathname, '/verify')
  assert.is(link.search, '', 'the secret stays behind the hash, out of every log')
  const token = new URLSearchParams(link.hash.slice(1)).get('token') ?? ''
  assert.equal((await follow(app, token)).body, { done: 'verified', email: 'reader@fans.test' })
  assert.is((await follow(app, token)).problem, 'identity.bad-link')
})

test('the whole way back by mail, in the language of the account [AUTH-11]', async (context) => {
  const { app, received } = context
  const made = await app.request('/api/v1/auth/register', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-language': 'fr' },
    body: JSON.stringify({
      email: 'lectrice@fans.test',
      username: 'lectrice',
      password: 'seven quiet harbours',
    }),
  })
  assert.ok(cookieOf(made.headers))
  assert.match((await lastTo(context, 'lectrice@fans.test')).body, /^Bonjour lectrice,\r?\n/)
  await app.call(identity.forgot, { body: { email: 'lectrice@fans.test' } })
  const { body } = await lastTo(context, 'lectrice@fans.test')
  const token = /\/reset#token=([\w-]+)/.exec(body)?.[1] ?? ''
  const password = 'onze lanternes en papier'
  await app.request('/api/v1/auth/reset', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'Mozilla/5.0 (X11; Linux) Firefox/140.0' },
    body: JSON.stringify({ token, password }),
  })
  assert.match((await lastTo(context, 'lectrice@fans.test')).body, 'vient d’être changé (Firefox sur Linux)')
  assert.is((await login(app, 'lectrice', password)).status, 200)
  const before = received.length
  await app.call(identity.forgot, { body: { email: 'nobody@fans.test' } })
  await app.jobs.drain()
  assert.is(received.length, before)
})

test('no name or title adds headers, receivers or links to a mail [AUTH-01] [AUTH-11]', async (context) => {
  const { app, received } = context
  const owner = app.as(await app.addAccount({ roles: ['owner'] }))
  await owner.call(admin.updateSettings, { body: { title: 'Label\r\nBcc: spy@evil.test' } })
  const { db } = app.site.database
  const sly = { displayName: 'Fan\r\nBcc: spy@evil.test\r\n\r\nhttp://evil.test' }
  assert.is((await register(app, 'sly', sly)).status, 422)
  await register(app, 'sly')
  await db('accounts').where({ username: 'sly' }).update(sly)
  for (const email of [
    'sly@fans.test',
    'sly@fans.test\r\nRCPT TO:<spy@evil.test>',
    'sly@fans.test,spy@evil.test',
  ])
    await app.call(identity.forgot, { body: { email } })
  const { headers, body } = await lastTo(context, 'sly@fans.test')
  assert.not.ok(headers.some((line) => /^bcc:/i.test(line)))
  assert.match(body, /^Hello sly,/)
  assert.not.match(body, 'http://evil.test')
  assert.equal(
    [...new Set(received.flatMap(({ to }) => to))].filter((to) => to.includes('evil')),
    [],
  )
  const spam = { displayName: 'Win at www.evil.test' }
  await register(app, 'prize', spam)
  assert.match((await lastTo(context, 'prize@fans.test')).body, /^Hello prize,/)
  await register(app, 'dotted', { displayName: 'Dr. Mabuse Jr.' })
  assert.match((await lastTo(context, 'dotted@fans.test')).body, /^Hello Dr\. Mabuse Jr\.,/)
})

test.run()
