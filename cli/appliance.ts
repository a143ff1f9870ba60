import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { VezaError } from '../server/errors.ts'
import { createLog } from '../server/log/index.ts'
import { type Appliance, openAppliance } from '../server/main.ts'
import { dataFolder, type LoadedConfig, loadConfig } from '../server/settings/load.ts'
import { openRegistry, type SiteRegistry } from '../server/sites/registry.ts'
import type { Site } from '../server/sites/site.ts'
import type { GlobalOptions } from './output.ts'

/** The data folder asked for; throws where there is none, or none for this user. */
export function existingData(options: GlobalOptions): string {
  const dataDir = dataFolder(options.data)
  if (!existsSync(dataDir))
    throw new VezaError(`There is no data folder at ${dataDir}.`, `Make it with: veza init --data ${dataDir}`)
  if (!statSync(dataDir).isDirectory())
    throw new VezaError(`${dataDir} is a file, not a folder.`, 'Choose a folder with --data.')
  // What cannot be looked into would be taken for empty.
  try {
    accessSync(dataDir, constants.R_OK | constants.X_OK)
  } catch (cause) {
    throw new VezaError(
      `This user may not read the data folder ${dataDir}.`,
      'Use the user that owns it, or sudo.',
      { cause },
    )
  }
  return dataDir
}

/** The configuration of the data folder asked for. */
export function configOf(options: GlobalOptions): LoadedConfig {
  return loadConfig(existingData(options))
}

/** Opens sites without running anything, beside a running server or without one, and closes them again. */
export async function withAppliance<T>(
  options: GlobalOptions,
  only: string | null,
  work: (appliance: Appliance) => Promise<T>,
): Promise<T> {
  const appliance = await openAppliance({
    loaded: configOf(options),
    roles: [],
    ...(only === null ? {} : { only }),
    log: createLog({ level: 'silent' }),
  })
  try {
    return await work(appliance)
  } finally {
    await appliance.stop()
  }
}

/** Opens the site asked for. */
export function withSite<T>(
  options: GlobalOptions,
  work: (site: Site, appliance: Appliance) => Promise<T>,
): Promise<T> {
  return withAppliance(options, options.site ?? 'main', (appliance) =>
    work(appliance.sites[0] as Site, appliance),
  )
}

/** Opens only the list of sites. */
export async function withRegistry<T>(
  loaded: LoadedConfig,
  work: (registry: SiteRegistry) => Promise<T>,
): Promise<T> {
  const registry = await openRegistry(loaded)
  try {
    return await work(registry)
  } finally {
    await registry.database.close()
  }
}
