import type { Database } from '../db/index.ts'
import type {
  Accounts,
  ApplianceInfo,
  AskNode,
  Audit,
  Child,
  Events,
  GuardedFetch,
  Jobs,
  Log,
  Mailer,
  Metrics,
  Pictures,
  PluginContext,
  Realtime,
  Role,
  Router,
  Secrets,
  SiteInfo,
  Storage,
} from '../sdk/index.ts'
import type { SettingsStore } from '../settings/site-settings.ts'

/** A pipe that records every registration with its owner, so that disabling means dropping. */
export interface Pipes {
  site: SiteInfo
  appliance: ApplianceInfo
  database: Database
  settings: SettingsStore
  roles: readonly Role[]
  log: Log
  logFor(owner: string): Log
  routerFor(owner: string): Router
  realtimeFor(owner: string): Realtime
  jobsFor(owner: string): Jobs
  eventsFor(owner: string): Events
  metricsFor(owner: string): Metrics
  permissions: {
    declare(owner: string, permissions: Record<string, { title: string; roles: string[] }>): void
  }
  storage: Storage
  pictures: Pictures
  mailer: Mailer
  fetch: GuardedFetch
  askNode: AskNode
  publicAddress: PluginContext['publicAddress']
  secretsFor(owner: string): Secrets
  audit: Audit
  accountsFor(owner: string): Accounts
  signer: PluginContext['signer']
  shared: {
    take<T extends { close(): Promise<void> }>(key: string, create: () => Promise<T>): Promise<T>
    release(key: string): Promise<void>
  }
  child(module: URL, log: Log): Child
  /** Forgets everything the owner registered, in every pipe. */
  dropOwner(owner: string): Promise<void>
}
