import { VezaError } from '../../server/errors.ts'
import { entriesOf } from '../../server/main.ts'
import { pendingOf } from '../../server/sites/pending.ts'
import { configOf, withAppliance, withRegistry } from '../appliance.ts'
import type { CommandRun } from '../command.ts'
import { print } from '../output.ts'

/** `veza migrate`: every site, or with `--dry-run` only the list of what waits. */
const run: CommandRun = async (options) => {
  const loaded = configOf(options)
  const rows = await withRegistry(loaded, (registry) => registry.list())
  if (rows.length === 0) throw new VezaError('The data folder holds no site yet.', 'Make one with: veza init')
  const entries = await entriesOf(loaded)
  const sites: { site: string; migrations: string[] }[] = []
  for (const { name } of rows) sites.push({ site: name, migrations: await pendingOf(loaded, name, entries) })
  const isNeeded = sites.some(({ migrations }) => migrations.length > 0)
  if (isNeeded && !options.dryRun) await withAppliance(options, null, async () => {})
  const lines = sites.flatMap(({ site, migrations }) => migrations.map((name) => `  ${site}: ${name}`))
  print(
    options,
    { applied: isNeeded && !options.dryRun, sites },
    isNeeded
      ? [options.dryRun ? 'Would be applied:' : 'Applied:', ...lines].join('\n')
      : 'Every database is up to date.',
  )
}

export default run
