import { createLog } from '../server/log/index.ts'
import { type Appliance, openAppliance } from '../server/main.ts'
import { dataFolder, type LoadedConfig, loadConfig } from '../server/settings/load.ts'
import type { Site } from '../server/sites/site.ts'
import type { GlobalOptions } from './output.ts'

/** The configuration of the data folder asked for. */
export function configOf(options: GlobalOptions): LoadedConfig {
  return loadConfig(dataFolder(options.data))
}

/** Opens one site without running anything, beside a running server or without one, and closes it again. */
export async function withSite<T>(
  options: GlobalOptions,
  work: (site: Site, appliance: Appliance) => Promise<T>,
): Promise<T> {
  const appliance = await openAppliance({
    loaded: configOf(options),
    roles: [],
    only: options.site ?? 'main',
    log: createLog({ level: 'silent' }),
  })
  try {
    const site = appliance.sites[0] as Site
    return await work(site, appliance)
  } finally {
    await appliance.stop()
  }
}
