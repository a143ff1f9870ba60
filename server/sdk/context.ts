import type { Readable } from 'node:stream'
import type { Contract, Event, identity, Job, Problem } from '#contract'
import type { Db } from '../db/types.ts'
import type { Check } from './check.ts'
import type { AskNode, GuardedFetch } from './fetch.ts'
import type { Pictures } from './pictures.ts'
import type { Realtime } from './realtime.ts'
import type { Router } from './router.ts'
import type { Secrets } from './secrets.ts'

export type { Db, Row } from '../db/types.ts'
export type { BareHandler, Handler, RawHandler, Router } from './router.ts'

/** What this process does: answer people, do jobs, receive streams. */
export type Role = 'web' | 'worker' | 'ingest'

/** The signed-in account as handlers see it. */
export interface Account {
  id: string
  username: string
  displayName: string
  email: string
  roles: string[]
  /** What the session may do: a role that asks for two factors counts only where there were two. */
  permissions: ReadonlySet<string>
  /** Folder of the picture's sizes in the storage. */
  avatarKey: string | null
  isEmailVerified: boolean
  needsSecondFactor: boolean
  language: string | null
  timeZone: string | null
  theme: string | null
}

/** One request, as a handler sees it. */
export interface Call {
  /** Null on public routes without a session. */
  account: Account | null
  /** The signed-in account; only for routes whose access is not `public`. */
  me: Account
  requestId: string
  /** The caller's address, through trusted proxies only. */
  address: string
  userAgent: string
  /** Language chosen by the caller, `en` or `fr`. */
  language: string
  /** The session that authenticated the call, if any. */
  sessionId: string | null
  header(name: string): string | undefined
  setCookie(
    name: string,
    value: string | null,
    options?: { maxAgeMs?: number; path?: string; httpOnly?: boolean },
  ): void
  cookie(name: string): string | undefined
  /** One value of the address, for pages; routes declare theirs. */
  query(name: string): string | undefined
  setHeader(name: string, value: string): void
  /** Status of the answer; 200, or 204 where a handler returns nothing, unless set. */
  status(code: number): void
  can(permission: string): boolean
}

export interface JobRun {
  id: string
  attempt: number
  /** Aborted when the job is cancelled, its lease is lost or the server stops. */
  signal: AbortSignal
  /** 0..1, stored and shown; renews the lease. */
  progress(done: number, note?: string): Promise<void>
}

export interface Jobs {
  /** Part of the caller's transaction. `key`: while a job with this key waits, a second is not added. */
  enqueue<Payload>(
    db: Db,
    job: Job<Payload>,
    payload: Payload,
    options?: { at?: Date; key?: string; priority?: number },
  ): Promise<string>
  handle<Payload>(job: Job<Payload>, work: (payload: Payload, run: JobRun) => Promise<void>): void
  /** Runs a job by the clock: five-field cron in UTC. Once per tick however many workers there are. */
  every(job: Job<Record<string, never>>, cron: string): void
}

export interface Events {
  emit<Payload>(db: Db, event: Event<Payload>, payload: Payload): Promise<void>
  /** `subscriber` names the reaction, for ever: it is part of the job's name. */
  on<Payload>(
    event: Event<Payload>,
    subscriber: string,
    work: (payload: Payload, run: JobRun) => Promise<void>,
  ): void
}

/** Files of the site, by key (`live/ab/…`); keys never come from people. */
export interface Storage {
  write(key: string, data: Buffer | Readable): Promise<{ sizeBytes: number }>
  /** `range` is inclusive. Null when there is no such file. */
  read(
    key: string,
    range?: { start: number; end?: number },
  ): Promise<{ stream: Readable; sizeBytes: number } | null>
  size(key: string): Promise<number | null>
  remove(key: string): Promise<void>
  removeFolder(prefix: string): Promise<void>
  list(prefix: string): AsyncIterable<{ key: string; sizeBytes: number }>
  /** Moves a finished file of this machine into the storage; it is there whole, and gone from where it was. */
  take(key: string, path: string): Promise<{ sizeBytes: number }>
  /** The file as a path for programs such as ffmpeg; a temporary copy where storage is remote. */
  withLocalFile<T>(key: string, work: (path: string) => Promise<T>): Promise<T>
  /**
   * For files that another machine of the installation has: `bring` is asked for what is not here and writes it, or
   * answers false.
   */
  onMissing(prefix: string, bring: (key: string) => Promise<boolean>): void
  /** A signed media address that expires. */
  url(key: string, seconds: number): string
  /** One that is the same all day and good until the end of tomorrow: browsers keep what it shows. */
  dayUrl(key: string): string
  /** Absolute folder on this machine for files written as they arrive (live segments). */
  localFolder(prefix: string): string
}

export interface Mail {
  to: string
  subject: string
  text: string
  html?: string
}
/** Queues a mail in the caller's transaction; sent by a job, kept in the outbox where no SMTP is set. */
export interface Mailer {
  send(db: Db, mail: Mail): Promise<void>
}

export interface Audit {
  /**
   * Append-only; part of the caller's transaction. `actor` null for the system or the CLI. Address and id of the
   * request are added.
   */
  record(
    db: Db,
    entry: {
      action: string
      actor: Pick<Account, 'id' | 'username'> | null
      subject?: string
      detail?: Record<string, unknown>
    },
  ): Promise<void>
}

export interface Counter {
  inc(labels?: Record<string, string>, by?: number): void
}
export interface Metrics {
  counter(name: string, help: string, labels?: string[]): Counter
  /** `read` is asked at each scrape. */
  gauge(name: string, help: string, read: () => number): void
}

export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Where somebody is written to, and how. `name` is fit to be said in a greeting. */
export interface Mailbox {
  email: string
  name: string
  language: 'en' | 'fr'
  timeZone: string | null
}

/** Account questions of plugins; batch form, never a join. */
export interface Accounts {
  /** Those that are gone are left out. */
  byIds(ids: string[]): Promise<Map<string, identity.Person>>
  /**
   * By present or former username; `username` of the answer is the present one. Null also for accounts that are
   * suspended or about to be deleted.
   */
  byUsername(username: string): Promise<identity.Person | null>
  /** Whether one of the account's roles allows it. */
  can(accountId: string, permission: string): Promise<boolean>
  /** Of active accounts with a confirmed address that want mails of that kind; others are left out. */
  mailboxes(ids: string[], kind: keyof identity.MailPreferences): Promise<Map<string, Mailbox>>
  /** The account's roles, without those that say nothing to others (`member`, `guest`). */
  rolesByIds(ids: string[]): Promise<Map<string, string[]>>
  /** Folder of the storage with `96.webp`, `256.webp` and `768.webp`; null takes the picture away. */
  setAvatar(db: Db, accountId: string, key: string | null): Promise<void>
  /** Adds what this plugin knows of an account to the archive that its holder may take away. */
  onExport(
    contribute: (
      accountId: string,
    ) => Promise<{ data: unknown; files?: { name: string; key: string }[] } | null>,
  ): void
}

export interface SiteInfo {
  /** Short name, `main` by default. */
  name: string
  /** Public address without trailing slash. */
  url: string
  /** The label's name, as shown. */
  title(): string
  /** Does this site answer at that host name? A single site answers everywhere. */
  answersTo(host: string): boolean
}

/** A child process kept alive: restarted with growing delay when it dies. */
export interface Child {
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** After each start, the first included. */
  onStart(listener: () => void): void
  readonly isRunning: boolean
  readonly pid: number | undefined
  stop(): Promise<void>
}

/** Settings of the whole machine that plugins may read. */
export interface ApplianceInfo {
  rtmp: {
    host: string
    port: number
    tls: { port: number; certFile: string; keyFile: string } | null
    publicHost: string | null
  }
  /** Where Icecast sources connect; null where they may not. */
  icecast: { host: string; port: number } | null
  /** Where other machines of the installation reach this process over HTTP; null where they cannot. */
  nodeAddress: string | null
  /** Folder for sockets and other things that live as long as the process. */
  runDir: string
  /** Roles of this process. */
  roles: readonly Role[]
}

/** What a plugin is given for one site. Nothing here can name another site. */
export interface PluginContext<Settings = Record<string, never>, Needs = Record<string, never>> {
  site: SiteInfo
  appliance: ApplianceInfo
  router: Router
  db: Db
  jobs: Jobs
  events: Events
  realtime: Realtime
  storage: Storage
  pictures: Pictures
  mailer: Mailer
  /** The only door out: requests to servers of the public internet. Never ask them in another way. */
  fetch: GuardedFetch
  /** For machines of this installation that its own tables name; sign what you ask and check what is asked. */
  askNode: AskNode
  /** The address to connect to for a host name, of the public internet. Throws FetchRefused. */
  publicAddress(host: string): Promise<string>
  secrets: Secrets
  audit: Audit
  metrics: Metrics
  log: Log
  accounts: Accounts
  /** Current values; read them when used, they change at run time. */
  settings: { get(): Settings }
  needs: Needs
  /** HMAC by this site's own key: `sign('hls', value)`, compare with `verify`. Worth nothing on another site. */
  signer: {
    sign(purpose: string, value: string): string
    verify(purpose: string, value: string, signature: string): boolean
  }
  /** One object a process, shared by the sites of the appliance: made by the first, closed by the last to stop. */
  shared<T extends { close(): Promise<void> }>(key: string, create: () => Promise<T>): Promise<T>
  /** A child process from a module of the plugin; see Child. */
  child(module: URL): Child
  onStart(role: Role, work: () => Promise<void> | void): void
  onStop(work: () => Promise<void> | void): void
  /** Adds a readiness check: false makes /health/ready answer 503. */
  onReady(name: string, check: () => boolean | Promise<boolean>): void
  /** Adds a check to `veza doctor`. */
  check(check: Check): void
}

export type NeedsOf<N extends Record<string, Contract>> = {
  [K in keyof N]: N[K] extends Contract<infer Api> ? Api : never
}
export type { Contract, Problem }
