import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PathParams, Route } from '#contract'
import type { Plugin, Role } from '#sdk'
import type { Clock } from '../../server/clock.ts'
import { openDatabase } from '../../server/db/index.ts'
import './unsynced.ts'
import { insertAccount } from '../../server/identity/accounts.ts'
import { hashCheaply } from '../../server/identity/passwords.ts'
import { insertSession, type Method } from '../../server/identity/sessions.ts'
import { createLog } from '../../server/log/index.ts'
import { type Appliance, openAppliance } from '../../server/main.ts'
import { loadConfig } from '../../server/settings/load.ts'
import { openRegistry } from '../../server/sites/registry.ts'
import type { Site } from '../../server/sites/site.ts'
import { postgresUrl } from './databases.ts'
import { request } from './request.ts'
import { openSocket, type TestSocket } from './socket.ts'

export type { TestSocket } from './socket.ts'

export interface TestAccount {
  id: string
  sessionId: string
  username: string
  email: string
  accessToken: string
  cookie: string
}

/** What an API call answered; `body` is the parsed JSON, `problem` the name behind `urn:veza:problem:`. */
export interface Answer<T> {
  status: number
  body: T
  problem: string | null
  headers: Headers
}

export interface Input<Path extends string, Query, Body> {
  params?: PathParams<Path>
  query?: Partial<Record<keyof Query & string, string | number>>
  body?: Body
}

/** Calls routes by their tokens, as one account or nobody. */
export interface Client {
  call<Path extends string, Query, Body, Result>(
    route: Route<Path, Query, Body, Result>,
    input?: Input<Path, Query, Body>,
  ): Promise<Answer<Result>>
  /** The same with anything as input, for bad input. */
  callRaw(
    route: Route,
    input?: { params?: Record<string, string>; query?: Record<string, string>; body?: unknown },
  ): Promise<Answer<unknown>>
}

export interface TestAppOptions {
  plugins?: readonly Plugin[]
  kind?: 'sqlite' | 'postgres'
  roles?: readonly Role[]
  clock?: Clock
  /** Names of further sites; each answers at `<name>.test`. */
  sites?: readonly string[]
  /** As in config.yaml, beside ports and database. */
  environment?: Record<string, string>
  /** Where the data is; a folder of its own, removed afterwards, unless said. */
  dataDir?: string
  /** True: passwords are hashed as at a label's. Cheaply unless said, as hundreds are hashed here. */
  hashesStrongly?: boolean
}

/** The real kernel on a fresh database, listening on a free port of 127.0.0.1. */
export interface TestApp extends Client {
  appliance: Appliance
  site: Site
  url: string
  dataDir: string
  jobs: Site['jobs']
  siteNamed(name: string): Site
  /** A client of another site, by its host name. */
  at(siteName: string): Client & { as(account: TestAccount): Client }
  addAccount(options?: Wish & { site?: string }): Promise<TestAccount>
  as(account: TestAccount): Client
  request(path: string, init?: RequestInit & { host?: string }): Promise<Response>
  socket(account?: TestAccount, options?: { origin?: string; host?: string }): Promise<TestSocket>
  /** The outbox, newest first. */
  inbox(): Promise<{ toAddress: string; subject: string; text: string }[]>
  /** Stops and starts again on the same data. */
  restart(): Promise<TestApp>
  close(): Promise<void>
}

/** Boots an appliance for a test; close it in `after`. Roles: web alone unless said (drain jobs by hand). */
export async function testApp(options: TestAppOptions = {}): Promise<TestApp> {
  hashCheaply(!options.hashesStrongly)
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'veza-app-')))
  const schema = options.environment?.VEZA_DATABASE_SCHEMA ?? `t${randomBytes(5).toString('hex')}`
  const environment = environmentOf(options, schema)
  const open = async () => {
    const loaded = loadConfig(dataDir, environment)
    const registry = await openRegistry(loaded)
    const known = new Set((await registry.list()).map((row) => row.name))
    for (const name of ['main', ...(options.sites ?? [])])
      if (!known.has(name))
        await registry.add(name, name === 'main' ? 'http://main.test' : `http://${name}.test`)
    await registry.database.close()
    const appliance = await openAppliance({
      loaded,
      roles: options.roles ?? ['web'],
      log: createLog({ level: options.environment?.VEZA_LOG_LEVEL === 'debug' ? 'debug' : 'silent' }),
      checksResults: true,
      ...(options.plugins ? { plugins: options.plugins } : {}),
      ...(options.clock ? { clock: options.clock } : {}),
    })
    const { httpPort } = await appliance.start().catch(async (error: unknown) => {
      await appliance.stop()
      throw error
    })
    return { appliance, httpPort: httpPort ?? 0 }
  }
  const { appliance, httpPort } = await open()
  return appOver({ appliance, port: httpPort, dataDir, options, schema })
}

function environmentOf(options: TestAppOptions, schema: string): Record<string, string> {
  return {
    VEZA_HTTP_HOST: '127.0.0.1',
    VEZA_HTTP_PORT: '0',
    VEZA_RTMP_HOST: '127.0.0.1',
    VEZA_RTMP_PORT: '0',
    VEZA_ICECAST_PORT: '0',
    ...(options.kind === 'postgres'
      ? { VEZA_DATABASE_URL: postgresUrl(), VEZA_DATABASE_SCHEMA: schema, VEZA_DATABASE_POOL_SIZE: '4' }
      : {}),
    ...options.environment,
  }
}

interface AppParts {
  appliance: Appliance
  port: number
  dataDir: string
  options: TestAppOptions
  schema: string
}

function appOver(parts: AppParts): TestApp {
  const { appliance, port, dataDir, options } = parts
  const url = `http://127.0.0.1:${port}`
  const siteNamed = (name: string) => {
    const site = appliance.sites.find((candidate) => candidate.row.name === name)
    if (!site) throw new Error(`The test has no site ${name}.`)
    return site
  }
  const hostOf = (name: string) => (name === 'main' ? 'main.test' : `${name}.test`)
  const site = siteNamed('main')
  const open = client(url, hostOf('main'))
  return {
    ...open,
    appliance,
    site,
    url,
    dataDir,
    jobs: site.jobs,
    siteNamed,
    at: (name) => ({ ...client(url, hostOf(name)), as: (account) => client(url, hostOf(name), account) }),
    addAccount: (wish = {}) =>
      addAccount(siteNamed(wish.site ?? 'main'), wish, options.clock?.now() ?? new Date()),
    as: (account) => client(url, hostOf('main'), account),
    request: (path, init = {}) => request(url, path, init),
    socket: (account, how = {}) =>
      openSocket(port, account, {
        host: how.host ?? hostOf('main'),
        ...(how.origin ? { origin: how.origin } : {}),
      }),
    inbox: () => site.database.db('mail_outbox').orderBy('id', 'desc'),
    restart: async () => {
      await appliance.stop()
      return testApp({
        ...options,
        dataDir,
        environment: {
          ...options.environment,
          ...(options.kind === 'postgres' ? { VEZA_DATABASE_SCHEMA: parts.schema } : {}),
        },
      })
    },
    close: async () => {
      await appliance.stop()
      if (options.kind === 'postgres') await dropSchemas(parts.schema)
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function dropSchemas(prefix: string): Promise<void> {
  const database = await openDatabase({ location: postgresUrl(), poolSize: 2 })
  const rows = await database.db.raw<{ name: string }[]>(
    'select schema_name as name from information_schema.schemata where schema_name = ? or schema_name like ?',
    [prefix, `${prefix}\\_%`],
  )
  for (const row of rows) await database.knex.raw('drop schema ?? cascade', [row.name])
  await database.close()
}

let count = 0

interface Wish {
  roles?: string[]
  username?: string
  /** What proved its holder beside a password. */
  methods?: Method[]
}

async function addAccount(site: Site, wish: Wish, now: Date): Promise<TestAccount> {
  const username = wish.username ?? `person${++count}`
  const { db } = site.database
  // A hash that no password fits: these accounts sign in by the session made here.
  const account = await insertAccount(db, {
    email: `${username}@people.test`,
    username,
    passwordHash: '!',
    roles: wish.roles ?? ['member'],
    emailVerifiedAt: now.toISOString(),
  })
  const from = {
    userAgent: 'test',
    address: '127.0.0.1',
    methods: ['password' as const, ...(wish.methods ?? [])],
  }
  const session = await insertSession(db, account.id, from, now)
  const { sessionId } = session
  const { accessToken } = await site.tokens.sign({ accountId: account.id, sessionId })
  return {
    id: account.id,
    username,
    email: account.email,
    accessToken,
    sessionId,
    cookie: `${site.http.cookieName}=${session.cookie}`,
  }
}

function client(url: string, host: string, account?: TestAccount): Client {
  const callRaw: Client['callRaw'] = async (route, input = {}) => {
    const path = route.path.replace(/\{(\w+)\}/g, (_all, name: string) =>
      encodeURIComponent(input.params?.[name] ?? ''),
    )
    const search = new URLSearchParams(input.query ?? {}).toString()
    const response = await request(url, search ? `${path}?${search}` : path, {
      method: route.method,
      host,
      headers: {
        ...(account ? { authorization: `Bearer ${account.accessToken}` } : {}),
        ...(input.body === undefined
          ? {}
          : { 'content-type': route.takes?.[0]?.replace('*', 'png') ?? 'application/json' }),
      },
      ...(input.body === undefined
        ? {}
        : { body: route.takes ? (input.body as never) : JSON.stringify(input.body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    const body: unknown = text === '' ? undefined : isJson ? JSON.parse(text) : text
    const type = (body as { type?: unknown } | undefined)?.type
    const problem = response.ok || typeof type !== 'string' ? null : type.replace('urn:veza:problem:', '')
    return { status: response.status, body, problem, headers: response.headers }
  }
  return {
    callRaw,
    call: async (route, input) => (await callRaw(route as Route, input as never)) as never,
  }
}
