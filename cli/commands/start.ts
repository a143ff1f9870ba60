import { z } from '#contract'
import { VezaError } from '../../server/errors.ts'
import { setUpToken } from '../../server/identity/set-up.ts'
import { openAppliance } from '../../server/main.ts'
import type { Role } from '../../server/sdk/index.ts'
import { dataFolder, environmentVariable } from '../../server/settings/load.ts'
import { configOf } from '../appliance.ts'
import type { CommandRun } from '../command.ts'
import { print } from '../output.ts'
import { initialise, isInitialised } from '../steps/initialise.ts'

const Roles = z.array(z.enum(['web', 'worker', 'ingest'])).min(1)

/** `veza start`: runs until SIGTERM or SIGINT, then stops in order and exits 0. */
const run: CommandRun = async (options) => {
  const roles = readRoles(options.roles as string | undefined)
  const dataDir = dataFolder(options.data)
  if (environmentVariable('VEZA_AUTO_INIT') && !(await isInitialised(dataDir)))
    await initialise({ dataDir, url: environmentVariable('VEZA_URL') ?? 'http://localhost:8080' })
  const loaded = configOf(options)
  const stopped = waitForSignal()
  const appliance = await openAppliance({ loaded, roles })
  try {
    const { httpPort } = await appliance.start()
    const site = appliance.sites[0]
    const token = site ? await setUpToken(site.database.db) : null
    const url = site?.row.url ?? ''
    const rtmp = site
      ? `rtmp://${loaded.config.rtmp.publicHost ?? new URL(url).hostname}:${loaded.config.rtmp.port}/live`
      : ''
    const setUpUrl = token ? `${url}/setup?token=${token}` : null
    print(
      options,
      { url, httpPort, setupUrl: setUpUrl, rtmp, roles },
      lines({ url, setUpUrl, rtmp, httpPort }),
    )
    await stopped
  } finally {
    await appliance.stop()
  }
}

function lines({
  url,
  setUpUrl,
  rtmp,
  httpPort,
}: {
  url: string
  setUpUrl: string | null
  rtmp: string
  httpPort: number | null
}): string {
  const all = [`Web     ${url}  (listening on port ${httpPort})`, `RTMP    ${rtmp}`]
  if (setUpUrl) all.push(`Set up  ${setUpUrl}`, '        Open this link once to make the owner.')
  return all.join('\n')
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
  return roles.data
}

/** Resolves at the first signal; a second one ends the process at once. */
function waitForSignal(): Promise<void> {
  return new Promise((resolve) => {
    const keepAlive = setInterval(() => {}, 3_600_000)
    const stop = () => {
      clearInterval(keepAlive)
      process.once('SIGTERM', () => process.exit(1)).once('SIGINT', () => process.exit(1))
      resolve()
    }
    process.once('SIGTERM', stop).once('SIGINT', stop)
  })
}

export default run
