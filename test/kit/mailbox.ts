import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'
import { eventually } from './wait.ts'

export interface ReceivedMail {
  to: string[]
  subject: string
  text: string
}

/** A real SMTP server that keeps what it is given. */
export interface Mailbox {
  /** Settings with which a server sends its mails here. */
  env: Record<string, string>
  /** Waits for a mail to the address whose subject begins so, and takes it out; the oldest of several. */
  take(address: string, subject: string): Promise<ReceivedMail>
  /** The link in that mail. */
  takeLink(address: string, subject: string): Promise<string>
  close(): Promise<void>
}

export async function openMailbox(): Promise<Mailbox> {
  const mails: ReceivedMail[] = []
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    onData: async (stream, session, done) => {
      const to = session.envelope.rcptTo.map(({ address }) => address)
      mails.push({ to, ...read(await text(stream)) })
      done()
    },
  })
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const { port } = listening.address() as AddressInfo
  const take = async (address: string, subject: string) => {
    const fits = (mail: ReceivedMail) => mail.to.includes(address) && mail.subject.startsWith(subject)
    const found = await eventually(`the mail “${subject}” to ${address}`, () => mails.find(fits))
    mails.splice(mails.indexOf(found), 1)
    return found
  }
  return {
    env: { VEZA_MAIL_HOST: '127.0.0.1', VEZA_MAIL_PORT: String(port) },
    take,
    takeLink: async (address, subject) => {
      const mail = await take(address, subject)
      const [link] = /https?:\/\/\S+/.exec(mail.text) ?? []
      if (!link) throw new Error(`No link in this mail:\n${mail.text}`)
      return link
    },
    close: () => new Promise((done) => server.close(() => done())),
  }
}

/** Subject and text of a mail in one part (RFC 5322, RFC 2045, RFC 2047). */
function read(source: string): Omit<ReceivedMail, 'to'> {
  const [head = '', ...rest] = source.split('\r\n\r\n')
  const headers = new Map<string, string>()
  for (const line of head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const [, name = '', value = ''] = /^([^:]+):\s*(.*)$/.exec(line) ?? []
    headers.set(name.toLowerCase(), value)
  }
  const encoding = headers.get('content-transfer-encoding')?.toLowerCase() ?? '7bit'
  const words = (headers.get('subject') ?? '').replace(/\?=\s+=\?/g, '?==?')
  return {
    subject: words.replace(/=\?utf-8\?([QB])\?([^?]*)\?=/gi, (_all, kind: string, coded: string) =>
      decode(coded.replaceAll('_', ' '), kind.toUpperCase() === 'B' ? 'base64' : 'quoted-printable'),
    ),
    text: decode(rest.join('\r\n\r\n'), encoding),
  }
}

function decode(coded: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(coded, 'base64').toString('utf8')
  if (encoding !== 'quoted-printable') return coded
  const bytes = coded
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
