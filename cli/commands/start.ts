import { z } from '#contract'
import { runChecks } from '../../server/admin/checks.ts'
import { claimRoles, openControl } from '../../server/admin/control.ts'
import { VezaError } from '../../server/errors.ts'
import { ffmpegRemedy, findFfmpeg } from '../../server/ffmpeg/index.ts'
import { setUpToken } from '../../server/identity/set-up.ts'
import { createLog } from '../../server/log/index.ts'
import { type Appliance, entriesOf, openAppliance, runFolder } from '../../server/main.ts'
import type { Role } from '../../server/sdk/index.ts'
import { dataFolder, environmentVariable, type LoadedConfig } from '../../server/settings/load.ts'
import { checkPluginSettings } from '../../server/settings/plugin-settings.ts'
import { configOf } from '../appliance.ts'
import type { CommandRun } from '../command.ts'
import { readable } from '../log-lines.ts'
import type { GlobalOptions } from '../output.ts'
import { checkWritable, withFreePort } from '../steps/before-start.ts'
import { defaultUrl, initialise, isInitialised } from '../steps/initialise.ts'

const Roles = z.array(z.enum(['web', 'worker', 'ingest'])).min(1)

/** `veza start`: runs until SIGTERM, SIGINT or `veza stop`, then stops in order and exits 0. */
const run: CommandRun = async (options) => {
  const roles = readRoles(options.roles as string | undefined)
  const dataDir = dataFolder(options.data)
  if (environmentVariable('VEZA_AUTO_INIT') && !(await isInitialised(dataDir)))
    await initialise({ dataDir, url: environmentVariable('VEZA_URL') ?? defaultUrl() })
  const wanted = configOf(options)
  await checkWritable(dataDir)
  checkPluginSettings(
    wanted,
    (await entriesOf(wanted)).map(({ plugin }) => plugin),
  )
  const ending = waitForEnd()
  const release = await claimRoles(runFolder(dataDir), roles)
  try {
    const loaded = await withFreePort(wanted, roles.includes('web'))
    await warnWithoutFfmpeg(loaded)
    await serve(options, loaded, roles, ending)
  } finally {
    release()
    ending.end()
  }
}

interface Ending {
  over: Promise<void>
  end(): void
}

async function serve(
  options: GlobalOptions,
  loaded: LoadedConfig,
  roles: Role[],
  ending: Ending,
): Promise<void> {
  const appliance = await openAppliance({ loaded, roles, log: logOf(loaded) })
  let closeControl = async () => {}
  try {
    await refuseFindings(appliance)
    const { httpPort } = await appliance.start()
    const control = await openControl(runFolder(loaded.dataDir), roles, {
      status: appliance.status,
      stop: ending.end,
    })
    closeControl = control.close
    await announce(options, appliance, loaded, { roles, httpPort })
    await ending.over
  } finally {
    await appliance.stop()
    await closeControl()
  }
}

/** On a terminal lines for a person; elsewhere JSON lines, for whoever collects them. */
function logOf({ config, dataDir }: LoadedConfig) {
  const file = `${dataDir}/logs/veza.log`
  const stdout = process.stdout.isTTY
    ? { write: (line: string) => process.stdout.write(`${readable(line)}\n`) }
    : process.stdout
  return createLog({ level: config.log.level, file, stdout })
}

/** Checks of plugins without which starting makes no sense, as a port that another program has. */
async function refuseFindings(appliance: Appliance): Promise<void> {
  const vital = appliance.sites.flatMap(({ kernel }) => kernel.checks().filter(({ isVital }) => isVital))
  const finding = (await runChecks(vital)).find(({ isOk }) => !isOk)
  if (finding) throw new VezaError(finding.message, finding.remedy)
}

async function warnWithoutFfmpeg({ config }: LoadedConfig): Promise<void> {
  if (await findFfmpeg(config.ffmpeg.path)) return
  process.stderr.write(
    `ffmpeg was not found: streams work, but posters and audio levels do not.\n  ${ffmpegRemedy(config.ffmpeg.path)}\n`,
  )
}

interface Started {
  roles: Role[]
  httpPort: number | null
}

async function announce(
  { json }: GlobalOptions,
  appliance: Appliance,
  { config }: LoadedConfig,
  { roles, httpPort }: Started,
): Promise<void> {
  const site = appliance.sites[0]
  const token = site ? await setUpToken(site.database.db, site.keyring) : null
  const url = site?.row.url ?? ''
  const host = config.rtmp.publicHost ?? URL.parse(url)?.hostname ?? 'localhost'
  const rtmp = `rtmp://${host}:${config.rtmp.port}/live`
  const setupUrl = token ? `${url}/setup?token=${token}` : null
  const told = { url, httpPort, setupUrl, rtmp, roles }
  const lines = roles.includes('web')
    ? [`Web     ${url}  (listening on port ${httpPort})`]
    : [`Health  http://127.0.0.1:${httpPort}/health/ready`]
  if (roles.includes('ingest')) lines.push(`RTMP    ${rtmp}`)
  if (setupUrl) lines.push(`Set up  ${setupUrl}`, '        Open this link once to make the owner.')
  // One line, so that a program can tell it from the log lines around it.
  process.stdout.write(`${json ? JSON.stringify(told) : lines.join('\n')}\n`)
}

function readRoles(text: string | undefined): Role[] {
  if (text === undefined) return ['web', 'worker', 'ingest']
  const roles = Roles.safeParse(text.split(',').map((part) => part.trim()))
  if (!roles.success)
    throw new VezaError(
      `"${text}" names no role Veza has.`,
      'Use a list of web, worker and ingest, as --roles web,worker',
      { isUsage: true },
    )
  return [...new Set(roles.data)]
}

/** Over at the first signal or when told to end; a second signal ends the process at once. */
function waitForEnd(): Ending {
  const { promise, resolve } = Promise.withResolvers<void>()
  const keepAlive = setInterval(() => {}, 3_600_000)
  const end = () => {
    clearInterval(keepAlive)
    process.once('SIGTERM', () => process.exit(1)).once('SIGINT', () => process.exit(1))
    resolve()
  }
  process.once('SIGTERM', end).once('SIGINT', end)
  return { over: promise, end }
}

export default run
