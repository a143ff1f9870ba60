import { runningProcesses } from '../../server/admin/control.ts'
import { VezaError } from '../../server/errors.ts'
import { setUpToken } from '../../server/identity/set-up.ts'
import { runFolder } from '../../server/main.ts'
import type { SiteRegistry } from '../../server/sites/registry.ts'
import { removeSite } from '../../server/sites/remove.ts'
import { configOf, withRegistry, withSite } from '../appliance.ts'
import type { CommandRun } from '../command.ts'
import { print, table } from '../output.ts'

/** `veza site list` */
export const list: CommandRun = async (options) => {
  const items = await withRegistry(configOf(options), (registry) => registry.list())
  print(
    options,
    { items },
    table(
      ['NAME', 'ADDRESS', 'MADE'],
      items.map(({ name, url, createdAt }) => [name, url, createdAt]),
    ),
  )
}

/** `veza site add NAME --url URL` */
export const add: CommandRun = async (options, [name = '']) => {
  if (typeof options.url !== 'string')
    throw new VezaError(
      'The site needs an address of its own.',
      'Give it with --url https://second.example',
      {
        isUsage: true,
      },
    )
  const wanted = options.url
  const loaded = configOf(options)
  const row = await withRegistry(loaded, async (registry) => {
    await refuseTaken(registry, name, wanted)
    return registry.add(name, wanted)
  })
  const token = await withSite({ ...options, site: name }, (site) =>
    setUpToken(site.database.db, site.keyring),
  )
  const setupUrl = token ? `${row.url}/setup?token=${token}` : null
  const needsRestart = (await runningProcesses(runFolder(loaded.dataDir))).length > 0
  print(
    options,
    { name: row.name, url: row.url, setupUrl, needsRestart },
    [
      `Made the site ${row.name} at ${row.url}.`,
      ...(needsRestart ? ['Restart the server to serve it.'] : []),
      ...(setupUrl ? [`Make its owner at: ${setupUrl}`] : []),
    ].join('\n'),
  )
}

/** `veza site address NAME --url URL` */
export const setAddress: CommandRun = async (options, [name = '']) => {
  if (typeof options.url !== 'string')
    throw new VezaError('Which address?', 'Give it with --url https://label.example', { isUsage: true })
  const wanted = options.url
  const loaded = configOf(options)
  const row = await withRegistry(loaded, async (registry) => {
    await refuseTaken(registry, name, wanted)
    await registry.setUrl(name, wanted)
    return (await registry.list()).find((site) => site.name === name)
  })
  const needsRestart = (await runningProcesses(runFolder(loaded.dataDir))).length > 0
  print(
    options,
    { name, url: row?.url, needsRestart },
    [
      `The address of ${name} is now ${row?.url}.`,
      'Passkeys made at another host name do not work there.',
      ...(needsRestart ? ['Restart the server to use it.'] : []),
    ].join('\n'),
  )
}

/** No two sites answer to one host name; throws where another has it. */
async function refuseTaken(
  registry: Pick<SiteRegistry, 'list'>,
  name: string,
  wanted: string,
): Promise<void> {
  const host = URL.parse(wanted)?.host
  const other = (await registry.list()).find(({ url }) => URL.parse(url)?.host === host)
  if (host && other && other.name !== name)
    throw new VezaError(
      `The site "${other.name}" has that address already.`,
      'Give each site its own host name.',
    )
}

/** `veza site remove NAME --yes` */
export const remove: CommandRun = async (options, [name = '']) => {
  if (!options.yes)
    throw new VezaError(
      `This takes the site "${name}" with all its data away.`,
      'Say --yes if you mean it.',
      {
        isUsage: true,
      },
    )
  const loaded = configOf(options)
  if ((await runningProcesses(runFolder(loaded.dataDir))).length > 0)
    throw new VezaError('The server is running and serves this site.', 'Stop it first: veza stop')
  const { folder, schema } = await withRegistry(loaded, (registry) => removeSite(loaded, registry, name))
  const places = [folder, schema && `the schema ${schema}`].filter(Boolean).join(' and ')
  print(options, { name, folder, schema }, `Removed the site ${name}. Its data is in ${places}.`)
}
