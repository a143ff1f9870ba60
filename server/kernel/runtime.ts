import type { Check, Log, Plugin, PluginContext, Role } from '../sdk/index.ts'
import type { Pipes } from './pipes.ts'

type Work = () => Promise<void> | void

/** One plugin on one site: what it registered and whether it runs. */
export interface Runtime {
  readonly plugin: Plugin
  state: 'off' | 'set-up' | 'running' | 'failed'
  error: string | null
  api: unknown
  /** Null while it is off. */
  context: PluginContext<unknown, Record<string, unknown>> | null
  starts: { role: Role; work: Work }[]
  stops: Work[]
  checks: Check[]
  readiness: { name: string; check: () => boolean | Promise<boolean> }[]
}

export const newRuntime = (plugin: Plugin): Runtime => ({
  plugin,
  state: 'off',
  error: null,
  api: undefined,
  context: null,
  starts: [],
  stops: [],
  checks: [],
  readiness: [],
})

/** Longest a plugin may take to stop before the server goes on without it. */
const stopMs = 10_000

/** Calls `setup`: registrations only. Throws what the plugin throws, with its registrations dropped. */
export async function setUp(runtime: Runtime, pipes: Pipes, needs: Record<string, unknown>): Promise<void> {
  const { plugin } = runtime
  try {
    pipes.permissions.declare(plugin.name, plugin.permissions)
    runtime.context = contextFor(runtime, pipes, needs)
    runtime.api = plugin.setup(runtime.context as PluginContext<never, never>)
    runtime.state = 'set-up'
    runtime.error = null
  } catch (error) {
    await pipes.dropOwner(plugin.name)
    forget(runtime)
    throw error
  }
}

/** Runs the work registered for this process's roles. */
export async function start(runtime: Runtime, roles: readonly Role[]): Promise<void> {
  runtime.state = 'running'
  for (const { role, work } of runtime.starts) if (roles.includes(role)) await work()
}

/** Stops in reverse and drops every registration; also after a half-done start. */
export async function stop(runtime: Runtime, pipes: Pipes): Promise<void> {
  for (const work of runtime.stops.reverse()) await within(stopMs, work, runtime.plugin.name, pipes.log)
  await pipes.dropOwner(runtime.plugin.name)
  forget(runtime)
}

function forget(runtime: Runtime): void {
  runtime.state = 'off'
  runtime.api = undefined
  runtime.context = null
  runtime.starts = []
  runtime.stops = []
  runtime.checks = []
  runtime.readiness = []
}

function contextFor(
  runtime: Runtime,
  pipes: Pipes,
  needs: Record<string, unknown>,
): PluginContext<unknown, Record<string, unknown>> {
  const { name, settings } = runtime.plugin
  const log = pipes.logFor(name)
  return {
    site: pipes.site,
    appliance: pipes.appliance,
    router: pipes.routerFor(name),
    db: pipes.database.db,
    jobs: pipes.jobsFor(name),
    events: pipes.eventsFor(name),
    realtime: pipes.realtimeFor(name),
    storage: pipes.storage,
    pictures: pipes.pictures,
    mailer: pipes.mailer,
    fetch: pipes.fetch,
    askNode: pipes.askNode,
    publicAddress: pipes.publicAddress,
    secrets: pipes.secretsFor(name),
    audit: pipes.audit,
    metrics: pipes.metricsFor(name),
    log,
    accounts: pipes.accountsFor(name),
    settings: { get: () => (settings ? pipes.settings.plugin(name, settings) : {}) },
    needs,
    signer: pipes.signer,
    shared: async (key, create) => {
      const value = await pipes.shared.take(key, create)
      runtime.stops.push(() => pipes.shared.release(key))
      return value
    },
    child: (module) => pipes.child(module, log),
    onStart: (role, work) => runtime.starts.push({ role, work }),
    onStop: (work) => runtime.stops.push(work),
    onReady: (readyName, check) => runtime.readiness.push({ name: readyName, check }),
    check: (check) => runtime.checks.push(check),
  }
}

async function within(ms: number, work: Work, name: string, log: Log): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      log.warn({ plugin: name, ms }, 'plugin did not stop in time')
      resolve()
    }, ms)
  })
  const done = Promise.resolve()
    .then(work)
    .catch((error: unknown) => log.error({ plugin: name, err: error }, 'plugin failed to stop'))
  await Promise.race([done, late])
  clearTimeout(timer)
}
