import type { Db } from '../db/index.ts'
import type { Audit, Events, Jobs, Log, Mailer, Router, Storage } from '../sdk/index.ts'
import type { Keyring } from '../secrets/keyring.ts'
import type { SettingsStore } from '../settings/site-settings.ts'
import type { AccessTokens } from './access-tokens.ts'
import type { AddressRules } from './address-rules.ts'
import type { DataContributions } from './data-contributions.ts'
import type { Permissions } from './roles.ts'

/** What every part of identity is given: the site's pipes, and what they share. */
export interface IdentityParts {
  db: Db
  router: Router
  settings: SettingsStore
  permissions: Permissions
  audit: Audit
  mailer: Mailer
  jobs: Jobs
  events: Events
  storage: Storage
  log: Log
  keyring: Keyring
  tokens: AccessTokens
  addressRules: AddressRules
  /** What plugins put into the archive of somebody's data. */
  contributions: DataContributions
  now: () => Date
  site: { name: string; url: string; title(): string }
  cookieName: string
  /** `security.allowPrivateIssuers` */
  allowPrivateIssuers: boolean
  /** Ends open sockets of a session that was ended, in every process. */
  closeSession: (sessionId: string) => void
  /** Looks at the open sockets of this process again; other processes do after `markChangeOfPeople`. */
  recheckSockets: () => void
  /** Told when the site has got its owner. */
  ownerMade: () => Promise<void>
}
