import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundledPlugins } from '../plugins/index.ts'
import { machineChecks } from './admin/checks.ts'
import { createCpuMeter } from './admin/overview.ts'
import { adminPermissions, adminRoutes } from './admin/routes.ts'
import { securityTxt } from './admin/security-txt.ts'
import { type ProcessStatus, type StatusParts, statusOf } from './admin/status.ts'
import { auditRoutes } from './audit/routes.ts'
import { type Clock, systemClock } from './clock.ts'
import { VezaError } from './errors.ts'
import { findFfmpeg } from './ffmpeg/index.ts'
import { loadAssets, webFolder } from './http/assets.ts'
import { createWebServer, type WebServer } from './http/server.ts'
import { identityPermissions } from './identity/permissions.ts'
import { identityRoutes } from './identity/routes.ts'
import { createSlots } from './jobs/index.ts'
import { loadAddedPlugins, versionOfVeza } from './kernel/added-plugins.ts'
import type { PluginEntry } from './kernel/kernel.ts'
import { createLog, type RootLog } from './log/index.ts'
import { createMetrics, type MetricsRegistry } from './metrics/index.ts'
import type { FanOut } from './realtime/index.ts'
import type { ApplianceInfo, Check, Log, Plugin, Role } from './sdk/index.ts'
import { keyCheck } from './secrets/check.ts'
import { type Keyring, openKeyring } from './secrets/keyring.ts'
import type { LoadedConfig } from './settings/load.ts'
import { siteOf } from './sites/hosts.ts'
import { identityParts } from './sites/identity-parts.ts'
import { nodeAddressOf } from './sites/node-address.ts'
import { openRegistry, type SiteRegistry, type SiteRow } from './sites/registry.ts'
import { createShared } from './sites/shared.ts'
import { openSite, type Site, type SiteSurroundings } from './sites/site.ts'

export { bundledPlugins }

export interface ApplianceOptions {
  loaded: LoadedConfig
  /** Empty for the CLI: everything is set up, nothing runs. */
  roles: readonly Role[]
  /** Instead of the bundled plugins, for tests. */
  plugins?: readonly Plugin[]
  clock?: Clock
  log?: RootLog
  /** Checks each result against its schema; on in tests. */
  checksResults?: boolean
  /** Opens only this site; all of them unless said. */
  only?: string
}

/** All of Veza in one process. */
export interface Appliance {
  registry: SiteRegistry
  sites: Site[]
  keyring: Keyring
  log: RootLog
  version: string
  checks(site: Site): Check[]
  /** Starts the roles; resolves to the ports in use once everything answers. */
  start(): Promise<{ httpPort: number | null }>
  stop(): Promise<void>
  /** What this process says of itself on its control socket. */
  status(): Promise<ProcessStatus>
}

/** Opens every site, migrates and sets up. Listens and works only after `start`. */
export async function openAppliance(options: ApplianceOptions): Promise<Appliance> {
  const { loaded, roles, clock = systemClock } = options
  if (!existsSync(loaded.dataDir))
    throw new VezaError(
      `There is no data folder at ${loaded.dataDir}.`,
      `Make it with: veza init --data ${loaded.dataDir}`,
    )
  const log =
    options.log ??
    createLog({ level: loaded.config.log.level, file: join(loaded.dataDir, 'logs', 'veza.log') })
  const version = await versionOfVeza()
  const entries = await entriesOf(loaded, options.plugins)
  const registry = await openRegistry(loaded)
  const metrics = createMetrics()
  const sites: Site[] = []
  const startedAt = clock.now().toISOString()
  const cpu = createCpuMeter()
  const around: SiteSurroundings = {
    loaded,
    roles,
    entries,
    appliance: await applianceInfo(loaded, roles),
    clock,
    log,
    metrics,
    shared: createShared(),
    keyring: openKeyring(loaded),
    slots: createSlots(),
    fanOutFor: (site) => fanOutOf(loaded, site, roles, log),
    answersTo: (name, host) => {
      const rows = sites.map((site) => ({ info: site.info }))
      return rows.length > 0 && matches(rows, host, name)
    },
    version,
    checksResults: options.checksResults ?? false,
  }
  const checks = (site: Site) => [
    ...machineChecks(
      loaded.dataDir,
      async () => (await findFfmpeg(loaded.config.ffmpeg.path))?.ffmpeg ?? null,
    ),
    keyCheck(loaded),
    ...site.kernel.checks(),
  ]
  const register = (site: Site) => {
    sites.push(site)
    site.permissions.declare('server', { ...adminPermissions, ...identityPermissions })
    identityRoutes(identityParts(site, loaded, clock))
    adminRoutes(overviewParts(site))
    auditRoutes(site)
    securityTxt(site, clock.now)
  }
  const overviewParts = (site: Site) => ({
    site,
    dataDir: loaded.dataDir,
    roles,
    startedAt,
    version,
    checks: () => checks(site),
    cpu: cpu.read,
  })
  try {
    for (const row of await wantedSites(registry, options.only)) await openSite(row, around, register)
  } catch (error) {
    await Promise.all(sites.map((site) => site.stop()))
    await registry.database.close()
    cpu.stop()
    throw error
  }
  const { status, ...life } = running({ loaded, roles, sites, registry, metrics, log, version, cpu })
  return {
    registry,
    sites,
    keyring: around.keyring,
    log,
    version,
    checks,
    ...life,
    status: () => status({ version, roles, startedAt, sites, metrics, overviewParts }),
  }
}

/** The bundled plugins (or those given) and the ones added to the data folder. */
export async function entriesOf(loaded: LoadedConfig, plugins?: readonly Plugin[]): Promise<PluginEntry[]> {
  const bundled = (plugins ?? bundledPlugins).map((plugin): PluginEntry => ({ plugin, origin: 'bundled' }))
  const added = await loadAddedPlugins(join(loaded.dataDir, 'plugins'))
  return [...bundled, ...added.map(({ plugin }): PluginEntry => ({ plugin, origin: 'added' }))]
}

async function wantedSites(registry: SiteRegistry, only: string | undefined): Promise<SiteRow[]> {
  const rows = await registry.list()
  const wanted = only ? rows.filter((row) => row.name === only) : rows
  if (wanted.length === 0)
    throw only
      ? new VezaError(`There is no site "${only}".`, '`veza site list` shows all sites.')
      : new VezaError('The data folder holds no site yet.', 'Make one with: veza init')
  return wanted
}

async function applianceInfo(
  { config, dataDir }: LoadedConfig,
  roles: readonly Role[],
): Promise<ApplianceInfo> {
  const { host, port, publicHost } = config.rtmp
  const { port: tlsPort, certFile, keyFile } = config.rtmps
  const tls = tlsPort !== undefined && certFile && keyFile ? { port: tlsPort, certFile, keyFile } : null
  const runDir = runFolder(dataDir)
  await mkdir(runDir, { recursive: true, mode: 0o700 })
  return {
    rtmp: { host, port, publicHost: publicHost ?? null, tls },
    nodeAddress: nodeAddressOf(config),
    icecast: config.icecast.port === 0 ? null : { host, port: config.icecast.port },
    runDir,
    roles,
  }
}

/** Unix sockets have short names (104 bytes on some systems): a deep data folder gets its run folder elsewhere. */
export function runFolder(dataDir: string): string {
  const inside = join(dataDir, 'run')
  if (inside.length < 80) return inside
  return join(tmpdir(), `veza-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`)
}

/** Several processes hear each other through Redis; the CLI, which runs nothing, does not join. */
async function fanOutOf(
  { config }: LoadedConfig,
  site: string,
  roles: readonly Role[],
  log: Log,
): Promise<FanOut | undefined> {
  const { url, prefix } = config.redis
  if (!url || roles.length === 0) return undefined
  const { redisFanOut } = await import('./realtime/fan-out/redis.ts')
  return redisFanOut({ url, prefix, site, log }).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new VezaError(
      `Redis does not answer: ${reason}.`,
      'Check that Redis runs and that redis.url (VEZA_REDIS_URL) is right, or take the setting out.',
      { cause },
    )
  })
}

function matches(rows: { info: { name: string; url: string } }[], host: string, name: string): boolean {
  try {
    return siteOf(rows, host).info.name === name
  } catch {
    return false
  }
}

interface RunningParts {
  loaded: LoadedConfig
  roles: readonly Role[]
  sites: Site[]
  registry: SiteRegistry
  metrics: MetricsRegistry
  log: RootLog
  version: string
  cpu: { stop(): void }
}

function running(
  parts: RunningParts,
): Pick<Appliance, 'start' | 'stop'> & { status(of: StatusParts): Promise<ProcessStatus> } {
  let web: WebServer | undefined
  let httpPort: number | null = null
  let isStarted = false
  return {
    start: async () => {
      isStarted = true
      for (const site of parts.sites) await site.start()
      web = await createWeb(parts, () => isStarted)
      const { host, port } = parts.loaded.config.http
      httpPort = await web.listen(host, port)
      return { httpPort }
    },
    status: (of) => statusOf(of, httpPort),
    stop: async () => {
      isStarted = false
      await Promise.all([web?.close(5000), ...parts.sites.map((site) => site.stop())])
      await parts.registry.database.close()
      parts.cpu.stop()
    },
  }
}

/** The web role's server; a process without it answers only health and metrics. */
async function createWeb(
  { loaded, roles, sites, metrics, log, version }: RunningParts,
  isStarted: () => boolean,
): Promise<WebServer> {
  const siteFor = (host: string) => siteOf(sites, host).http
  const trustedProxies = loaded.config.http.trustedProxies
  // Commands, which answer nobody, do without.
  const { createApp } = await import('./http/app.ts')
  const app = createApp({
    siteFor,
    trustedProxies,
    assets: await loadAssets(webFolder()),
    log,
    version,
    observe: metrics.observeRequest,
  })
  const handle = app.callback()
  return createWebServer({
    siteFor,
    trustedProxies,
    log,
    pages: (req, res) => {
      if (roles.includes('web')) void handle(req, res)
      else res.writeHead(404).end()
    },
    metrics: () => metrics.text(),
    readiness: async () => {
      const all = await Promise.all(
        sites.map(async (site) =>
          Object.entries(await site.http.isReady()).map(([name, isOk]) => [`${site.row.name}.${name}`, isOk]),
        ),
      )
      return { started: isStarted(), ...Object.fromEntries(all.flat()) }
    },
  })
}
