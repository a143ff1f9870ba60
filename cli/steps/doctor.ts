import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { admin } from '#contract'
import { machineChecks, runChecks } from '../../server/admin/checks.ts'
import { runningProcesses } from '../../server/admin/control.ts'
import type { ProcessStatus } from '../../server/admin/status.ts'
import { VezaError } from '../../server/errors.ts'
import { findFfmpeg } from '../../server/ffmpeg/index.ts'
import type { PluginEntry } from '../../server/kernel/kernel.ts'
import { createLog } from '../../server/log/index.ts'
import { entriesOf, openAppliance, runFolder } from '../../server/main.ts'
import type { Check } from '../../server/sdk/index.ts'
import { keyCheck } from '../../server/secrets/check.ts'
import { type LoadedConfig, loadConfig } from '../../server/settings/load.ts'
import { checkPluginSettings } from '../../server/settings/plugin-settings.ts'
import { pendingOf } from '../../server/sites/pending.ts'
import { withRegistry } from '../appliance.ts'
import { checkWritable, tryPort } from './before-start.ts'

interface Diagnosis {
  isRunning: boolean
  checks: admin.CheckResult[]
}

/**
 * Looks at the data folder, its settings, databases, ports and plugins, each only where what it stands on is right.
 * Changes nothing. With a running server, that server is asked for what it alone knows.
 */
export async function diagnose(dataDir: string): Promise<Diagnosis> {
  const folder = await runChecks([folderCheck(dataDir)])
  const node = machineChecks(dataDir, async () => null).filter(({ id }) => id === 'node')
  if (hasFinding(folder)) return { isRunning: false, checks: [...(await runChecks(node)), ...folder] }
  const running = await runningProcesses(runFolder(dataDir))
  const isRunning = running.length > 0
  const known = { loaded: null as LoadedConfig | null, entries: [] as PluginEntry[] }
  const config = await runChecks([configCheck(dataDir, known)])
  const ffmpeg = known.loaded?.config.ffmpeg.path
  const machine = machineChecks(dataDir, async () => (await findFfmpeg(ffmpeg))?.ffmpeg ?? null)
  const keys = known.loaded ? await runChecks([keyCheck(known.loaded)]) : []
  const checks = [...(await runChecks(machine)), ...folder, ...config, ...keys]
  if (!known.loaded || hasFinding(config)) return { isRunning, checks }
  const databases = await databaseChecks(known.loaded, known.entries)
  const further = isRunning
    ? ofRunning(running, checks)
    : await ofStopped(known.loaded, hasFinding(databases), checks)
  return { isRunning, checks: [...checks, ...databases, ...further] }
}

const hasFinding = (results: readonly admin.CheckResult[]) => results.some(({ isOk }) => !isOk)

/** An expected error as a finding. */
async function findingOf(work: () => Promise<unknown>): Promise<{ message: string; remedy: string } | null> {
  try {
    await work()
    return null
  } catch (error) {
    if (error instanceof VezaError) return { message: error.message, remedy: error.remedy }
    throw error
  }
}

const folderCheck = (dataDir: string): Check => ({
  id: 'data',
  title: 'Data folder',
  run: async () => {
    if (!existsSync(dataDir))
      return {
        message: `There is no data folder at ${dataDir}.`,
        remedy: `Make it with: veza init --data ${dataDir}`,
      }
    return findingOf(() => checkWritable(dataDir))
  },
})

/** Leaves what it read for the checks after it. */
const configCheck = (
  dataDir: string,
  found: { loaded: LoadedConfig | null; entries: PluginEntry[] },
): Check => ({
  id: 'config',
  title: 'Settings',
  run: () =>
    findingOf(async () => {
      found.loaded = loadConfig(dataDir)
      found.entries = await entriesOf(found.loaded)
      checkPluginSettings(
        found.loaded,
        found.entries.map(({ plugin }) => plugin),
      )
    }),
})

async function databaseChecks(loaded: LoadedConfig, entries: PluginEntry[]): Promise<admin.CheckResult[]> {
  let names: string[] = []
  const list = await runChecks([
    {
      id: 'sites',
      title: 'List of sites',
      run: async () => {
        const isMissing = !loaded.config.database.url && !existsSync(join(loaded.dataDir, 'appliance.db'))
        const finding = isMissing
          ? null
          : await findingOf(async () => {
              names = (await withRegistry(loaded, (registry) => registry.list())).map(({ name }) => name)
            })
        if (finding || names.length > 0) return finding
        return { message: 'The data folder holds no site yet.', remedy: 'Make one with: veza init' }
      },
    },
  ])
  const ofSites = names.map(
    (name): Check => ({
      id: `database.${name}`,
      title: `Database of the site ${name}`,
      run: async () => {
        let pending: string[] = []
        const finding = await findingOf(async () => {
          pending = await pendingOf(loaded, name, entries)
        })
        if (finding || pending.length === 0) return finding
        return {
          message: `${pending.length} migrations wait: ${pending.join(', ')}.`,
          remedy: 'Apply them with `veza migrate`; the next `veza start` does it too.',
        }
      },
    }),
  )
  return [...list, ...(await runChecks(ofSites))]
}

/** What the running processes found, and plugins that failed in them. */
function ofRunning(
  processes: readonly ProcessStatus[],
  known: readonly admin.CheckResult[],
): admin.CheckResult[] {
  const ids = new Set(known.map(({ id }) => id))
  const results = new Map<string, admin.CheckResult>()
  for (const { sites } of processes)
    for (const { name, overview, plugins } of sites) {
      const own = overview.checks.filter(({ id }) => !ids.has(id))
      for (const check of [...own, ...plugins.map(pluginResult)]) {
        const key = `${name} ${check.id}`
        if (results.get(key)?.isOk !== false) results.set(key, check)
      }
    }
  return [...results.values()]
}

/** Ports, and the plugins' own checks where the databases let them be set up. */
async function ofStopped(
  loaded: LoadedConfig,
  isDatabaseWrong: boolean,
  known: readonly admin.CheckResult[],
): Promise<admin.CheckResult[]> {
  const ports = await runChecks([httpPortCheck(loaded)])
  if (isDatabaseWrong) return ports
  const appliance = await openAppliance({ loaded, roles: [], log: createLog({ level: 'silent' }) })
  try {
    const ids = new Set(known.map(({ id }) => id))
    const results: admin.CheckResult[] = []
    for (const site of appliance.sites) {
      const own = appliance.checks(site).filter(({ id }) => !ids.has(id))
      results.push(...(await runChecks(own)), ...site.kernel.states().map(pluginResult))
    }
    return [...ports, ...results]
  } finally {
    await appliance.stop()
  }
}

const httpPortCheck = ({ config }: LoadedConfig): Check => ({
  id: 'http-port',
  title: 'Port of the pages',
  run: async () => {
    const { host, port } = config.http
    const code = port === 0 ? null : await tryPort(host, port)
    return code === null
      ? null
      : {
          message: `Port ${port} cannot be used: ${code === 'EADDRINUSE' ? 'another program has it' : code}.`,
          remedy: 'Stop that program, or choose another port with VEZA_HTTP_PORT.',
        }
  },
})

function pluginResult({ name, title, state, error }: admin.PluginState): admin.CheckResult {
  const isOk = state !== 'failed'
  return {
    id: `plugin.${name}`,
    title: `Plugin ${title}`,
    isOk,
    message: isOk ? '' : (error ?? 'It failed.'),
    remedy: isOk ? '' : `See \`veza logs\`, or switch it off: veza plugin disable ${name}`,
  }
}
