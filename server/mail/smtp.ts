import type { OutboxMail } from './outbox.ts'

/** How to reach the label's mail server. */
export interface MailSettings {
  host: string
  port: number
  /** TLS from the first byte (port 465); otherwise STARTTLS where the server offers it. */
  secure: boolean
  user?: string | undefined
  password?: string | undefined
  /** `Label <mail@label.example>` */
  from: string
}

/** A try that did not work. `isFinal`: the server refused this mail for good (5xx), trying again is of no use. */
export interface SendFailure {
  isFinal: boolean
  message: string
}

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/

/** Hands a mail to the SMTP server; null when it took it. */
export async function sendBySmtp(settings: MailSettings, mail: OutboxMail): Promise<SendFailure | null> {
  const { host, port, secure, user, password } = settings
  const { createTransport } = await import('nodemailer')
  const transport = createTransport({
    host,
    port,
    secure,
    ...(user ? { auth: { user, pass: password ?? '' } } : {}),
    // A password never goes over a network in clear.
    requireTLS: Boolean(user) && !secure && !loopback.test(host),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  try {
    await transport.sendMail({
      from: settings.from,
      // As an object, so that the text is one address and never read as a list.
      to: { name: '', address: mail.toAddress },
      subject: mail.subject,
      text: mail.text,
      ...(mail.html === null ? {} : { html: mail.html }),
      date: new Date(mail.createdAt),
      // The same at each try: a receiver can tell a repeat.
      messageId: `<${mail.id}@${senderDomain(settings.from)}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    })
    return null
  } catch (error) {
    return failureOf(error)
  } finally {
    transport.close()
  }
}

const senderDomain = (from: string) => /@([a-z0-9.-]+)/i.exec(from)?.[1] ?? 'localhost'

function failureOf(error: unknown): SendFailure {
  const { code, responseCode, message } = error as { code?: string; responseCode?: number; message?: string }
  // A wrong SMTP password is answered by 5xx too, but is no fault of the mail.
  const isAboutMail = code === 'EENVELOPE' || code === 'EMESSAGE'
  return {
    isFinal: isAboutMail && responseCode !== undefined && responseCode >= 500,
    message: (message ?? String(error)).replace(/\s+/g, ' ').slice(0, 500),
  }
}
