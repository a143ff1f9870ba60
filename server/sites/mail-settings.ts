import type { MailSettings } from '../mail/index.ts'
import type { LoadedConfig } from '../settings/load.ts'

/** How mails leave; null where no SMTP is set. */
export function mailSettings({ config }: LoadedConfig): MailSettings | null {
  const { host, port, secure, user, password, from } = config.mail
  return host
    ? { host, port, secure, from, ...(user ? { user } : {}), ...(password ? { password } : {}) }
    : null
}
