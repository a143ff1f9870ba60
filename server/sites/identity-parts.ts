import { type Clock, systemClock } from '../clock.ts'
import type { IdentityParts } from '../identity/parts.ts'
import type { LoadedConfig } from '../settings/load.ts'
import type { Site } from './site.ts'

/** What identity is given of a site; the CLI, which serves no routes, changes accounts by it. */
export function identityParts(site: Site, loaded: LoadedConfig, clock: Clock = systemClock): IdentityParts {
  const { database, settings, permissions, hub, http, table, mail, jobs, events, storage } = site
  const { audit, log, keyring, tokens, contributions, addressRules, info } = site
  return {
    db: database.db,
    router: table.routerFor('server'),
    settings,
    permissions,
    audit,
    mailer: mail,
    jobs: jobs.jobsFor('server'),
    events: events.eventsFor('server'),
    storage,
    log,
    keyring,
    tokens,
    contributions,
    addressRules,
    now: clock.now,
    site: info,
    cookieName: http.cookieName,
    allowPrivateIssuers: loaded.config.security.allowPrivateIssuers,
    closeSession: hub.closeSession,
    recheckSockets: hub.recheck,
    ownerMade: site.refreshSetUp,
  }
}
