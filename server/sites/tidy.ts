import { defineJob, z } from '#contract'
import { pruneAudit, type SiteAudit } from '../audit/index.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/index.ts'
import type { AccessTokens } from '../identity/access-tokens.ts'
import { removeOldFailures } from '../identity/address-bans.ts'
import { removeOldAddressRules } from '../identity/address-rules.ts'
import { removeOldEmails } from '../identity/former-names.ts'
import { removeExpiredSessions } from '../identity/sessions.ts'
import { removeOldThrottles } from '../identity/throttle.ts'
import { removeExpiredTickets } from '../identity/tickets.ts'
import { forgetMail } from '../mail/index.ts'
import type { Jobs, Log } from '../sdk/index.ts'
import type { Keyring } from '../secrets/keyring.ts'
import type { SettingsStore } from '../settings/site-settings.ts'

const tidy = defineJob({ name: 'server.tidy', payload: z.strictObject({}), attempts: 1 })
const dayMs = 24 * 3_600_000

interface Tidied {
  database: Database
  clock: Clock
  settings: SettingsStore
  tokens: AccessTokens
  audit: SiteAudit
  keyring: Keyring
  log: Log
}

/** Once a day: what has run out goes, and a new key signs where the old one is a month old. */
export function tidyDaily(jobs: Jobs, { database, clock, settings, tokens, ...trail }: Tidied): void {
  jobs.handle(tidy, async () => {
    const { db } = database
    const now = clock.now()
    await removeExpiredSessions(db, now)
    await removeExpiredTickets(db, now)
    await removeOldEmails(db, now)
    await removeOldThrottles(db, now)
    await removeOldAddressRules(db, now)
    await removeOldFailures(db, now)
    await tokens.tend(db)
    const { keepMailDays, keepAuditDays } = settings.site()
    await forgetMail(db, new Date(now.getTime() - keepMailDays * dayMs))
    if (keepAuditDays > 0) await pruneAudit(db, trail, new Date(now.getTime() - keepAuditDays * dayMs))
  })
  jobs.every(tidy, '41 3 * * *')
}
