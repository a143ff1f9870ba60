import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createAudit, type SiteAudit } from '../audit/index.ts'
import type { Clock } from '../clock.ts'
import { type Database, migrate } from '../db/index.ts'
import { createEvents, type EventSystem } from '../events/index.ts'
import { createRateLimit } from '../http/rate-limit.ts'
import { createRouteTable, type RouteTable } from '../http/route-table.ts'
import type { SiteHttp } from '../http/site-http.ts'
import { askNode, guardedFetch, publicAddress } from '../http-client/index.ts'
import { type AccessTokens, createAccessTokens } from '../identity/access-tokens.ts'
import { hasOwner } from '../identity/accounts.ts'
import { createAccounts } from '../identity/accounts-for-plugins.ts'
import { type AddressRules, createAddressRules } from '../identity/address-rules.ts'
import { createAuthenticate } from '../identity/authenticate.ts'
import { createDataContributions, type DataContributions } from '../identity/data-contributions.ts'
import { presentMe } from '../identity/present.ts'
import { createPermissions, type Permissions } from '../identity/roles.ts'
import { createJobs, type JobSystem, type Slots } from '../jobs/index.ts'
import { createKernel, type Kernel, type PluginEntry } from '../kernel/kernel.ts'
import type { Pipes } from '../kernel/pipes.ts'
import { createMailer, type SiteMailer } from '../mail/index.ts'
import type { MetricsRegistry } from '../metrics/index.ts'
import { pictures } from '../pictures/index.ts'
import { superviseChild } from '../process/child.ts'
import { createHub, type FanOut, type Hub } from '../realtime/index.ts'
import type { ApplianceInfo, Log, Role, SiteInfo } from '../sdk/index.ts'
import { type Keyring, keyringOf } from '../secrets/keyring.ts'
import { secretsOf } from '../secrets/plugin-secrets.ts'
import type { LoadedConfig } from '../settings/load.ts'
import { openSettings, type SettingsStore } from '../settings/site-settings.ts'
import { createDiskStorage, filesAt, type StorageDriver, serveMedia } from '../storage/index.ts'
import { bootSettings } from './boot-settings.ts'
import { life } from './life.ts'
import { mailSettings } from './mail-settings.ts'
import { copiedBeforeMigration } from './migration-copy.ts'
import { serverMigrations } from './pending.ts'
import { openOrExplain, type SiteRow, siteFolder, siteTarget } from './registry.ts'
import type { Shared } from './shared.ts'
import { openSigner } from './signer.ts'
import { tidyDaily } from './tidy.ts'

/** What all sites of an appliance have in common. */
export interface SiteSurroundings {
  loaded: LoadedConfig
  roles: readonly Role[]
  entries: readonly PluginEntry[]
  appliance: ApplianceInfo
  clock: Clock
  log: Log & { child(fields: object): Log }
  metrics: MetricsRegistry
  shared: Shared
  keyring: Keyring
  slots: Slots
  fanOutFor(site: string): Promise<FanOut | undefined>
  answersTo(site: string, host: string): boolean
  version: string
  checksResults: boolean
}

/** One label: its database, storage, settings, plugins, and what answers for it over HTTP. */
export interface Site {
  info: SiteInfo
  row: SiteRow
  database: Database
  settings: SettingsStore
  permissions: Permissions
  storage: StorageDriver
  jobs: JobSystem
  mail: SiteMailer
  hub: Hub
  table: RouteTable
  kernel: Kernel
  http: SiteHttp
  log: Log
  keyring: Keyring
  audit: SiteAudit
  tokens: AccessTokens
  events: EventSystem
  contributions: DataContributions
  addressRules: AddressRules
  /** Looks again whether the site has its owner; called after set-up. */
  refreshSetUp(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

/** Opens, migrates and sets up a site; nothing runs before `start`. What was registered, the caller stops. */
export async function openSite(
  row: SiteRow,
  around: SiteSurroundings,
  register: (site: Site) => void,
): Promise<Site> {
  const folder = siteFolder(around.loaded.dataDir, row.name)
  await mkdir(join(folder, 'storage'), { recursive: true })
  const database = copiedBeforeMigration(await openOrExplain(siteTarget(around.loaded, row.name)), {
    dataDir: around.loaded.dataDir,
    site: row.name,
    version: around.version,
    now: around.clock.now,
  })
  const site = await migrate(database, [serverMigrations])
    .then(() => assemble(row, around, database, folder))
    .catch(async (error: unknown) => {
      await database.close()
      throw error
    })
  register(site)
  await site.kernel.boot()
  return site
}

async function assemble(
  row: SiteRow,
  around: SiteSurroundings,
  database: Database,
  folder: string,
): Promise<Site> {
  const { clock, roles } = around
  const log = around.log.child({ site: row.name })
  const settings = await openSettings(database.db, around.loaded)
  const keyring = keyringOf(around.keyring, row.name)
  const signer = await openSigner(database.db, keyring)
  const audit = createAudit({ database, keyring, log })
  const metrics = around.metrics.forSite(row.name)
  const permissions = createPermissions()
  const table = createRouteTable()
  await permissions.reload(database.db)
  const addressRules = createAddressRules(clock.now)
  await addressRules.reload(database.db)
  const tokens = createAccessTokens({ db: database.db, keyring, siteUrl: () => row.url, now: clock.now })
  const authenticate = createAuthenticate({
    db: database.db,
    permissions,
    keyring,
    tokens,
    needsVerifiedEmail: () => settings.site().needsVerifiedEmail,
    now: clock.now,
    cookieName: cookieNameOf(row),
  })
  const contributions = createDataContributions()
  const fanOut = await around.fanOutFor(row.name)
  const hub = createHub({
    log,
    metrics,
    authenticate: authenticate.bySession,
    admits: addressRules.admits,
    ...(fanOut ? { fanOut } : {}),
  })
  const jobs = createJobs({ database, clock, log, metrics, slots: around.slots })
  const events = createEvents(jobs)
  const mediaSigner = {
    sign: (value: string) => signer.sign('file', value),
    verify: (value: string, signature: string) => signer.verify('file', value, signature),
  }
  const storage = await createDiskStorage({
    dir: join(folder, 'storage'),
    signer: mediaSigner,
    now: () => clock.now().getTime(),
  })
  const mail = createMailer({
    database,
    jobs: jobs.jobsFor('server'),
    settings: () => mailSettings(around.loaded),
    log,
  })
  table.routerFor('server').bare(
    filesAt.slice(1, -1),
    serveMedia(storage, () => clock.now().getTime()),
  )
  const info: SiteInfo = {
    name: row.name,
    url: row.url,
    title: () => settings.site().title,
    answersTo: (host) => around.answersTo(row.name, host),
  }
  const pipes: Pipes = {
    site: info,
    appliance: around.appliance,
    database,
    settings,
    roles,
    log,
    logFor: (owner) => around.log.child({ site: row.name, plugin: owner }),
    routerFor: table.routerFor,
    realtimeFor: hub.realtimeFor,
    jobsFor: jobs.jobsFor,
    eventsFor: events.eventsFor,
    metricsFor: () => metrics,
    permissions,
    storage,
    pictures,
    mailer: mail,
    fetch: (url, options) => guardedFetch(url, { ...options, allowPrivate: false }),
    askNode,
    publicAddress,
    secretsFor: (owner) => secretsOf(owner, keyring),
    audit,
    accountsFor: (owner) =>
      createAccounts(owner, { db: database.db, permissions, storage, contributions, events, now: clock.now }),
    signer,
    shared: around.shared,
    child: (module, childLog) => superviseChild(module, { log: childLog }),
    dropOwner: async (owner) => {
      table.dropOwner(owner)
      hub.dropOwner(owner)
      permissions.dropOwner(owner)
      contributions.dropOwner(owner)
      await jobs.dropOwner(owner)
    },
  }
  const kernel = createKernel(around.entries, pipes)
  let isSetUp = await hasOwner(database.db)
  const http: SiteHttp = {
    info,
    table,
    hub,
    limit: createRateLimit(() => clock.now().getTime()),
    cookieName: cookieNameOf(row),
    isSecure: row.url.startsWith('https:'),
    checksResults: around.checksResults,
    authenticate: authenticate.byRequest,
    admits: addressRules.admits,
    presentMe: (account) => presentMe(storage, account),
    boot: () => ({
      ...bootSettings(settings),
      name: row.name,
      url: row.url,
      plugins: kernel
        .states()
        .filter((state) => state.state === 'running')
        .map((state) => state.name),
      isSetUp,
      version: around.version,
    }),
    isReady: async () => ({ ...(await databaseReady(database)), ...(await kernel.readiness()) }),
    synced: database.synced,
  }
  // The flag only ever turns true; it is looked up again until then.
  const refreshSetUp = async () => {
    if (!isSetUp) isSetUp = await hasOwner(database.db)
  }
  tidyDaily(jobs.jobsFor('server'), { database, clock, settings, tokens, audit, keyring, log })
  const site = {
    info,
    row,
    database,
    settings,
    permissions,
    storage,
    jobs,
    mail,
    hub,
    table,
    kernel,
    http,
    log,
    refreshSetUp,
    keyring,
    audit,
    tokens,
    events,
    contributions,
    addressRules,
  }
  return { ...site, ...life(site, around) }
}

const cookieNameOf = (row: SiteRow) => (row.url.startsWith('https:') ? '__Host-veza_session' : 'veza_session')

async function databaseReady(database: Database): Promise<Record<string, boolean>> {
  const isUp = await database.db.raw('select 1').then(
    () => true,
    () => false,
  )
  return { database: isUp }
}
