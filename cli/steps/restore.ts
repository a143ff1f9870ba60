import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { checkDatabaseFile } from '../../server/db/index.ts'
import { VezaError } from '../../server/errors.ts'
import { entriesOf } from '../../server/main.ts'
import { type LoadedConfig, loadConfig } from '../../server/settings/load.ts'
import { pendingOf } from '../../server/sites/pending.ts'
import { applianceFile, type Manifest, postgresFolder, siteFile } from './archive.ts'
import { openStaging } from './put-in-place.ts'
import { readArchive } from './read-archive.ts'
import { importSchemas } from './restore-postgres.ts'

/**
 * Makes a data folder of an archive. Everything is unpacked beside its place and checked (hashes, databases, version)
 * before anything there is touched; then it is put in place in one step.
 */
export async function restore(
  file: string,
  dataDir: string,
  force: boolean,
): Promise<{ manifest: Manifest; aside: string | null }> {
  const staging = await openStaging(dataDir, force)
  try {
    const manifest = await readArchive(file, staging.folder)
    const loaded = loadConfig(staging.folder)
    checkKind(loaded, manifest)
    if (manifest.database === 'sqlite') {
      await checkFiles(loaded, manifest)
      const { aside } = await staging.putInPlace()
      return { manifest, aside }
    }
    const schemas = await importSchemas(loaded, manifest, force)
    try {
      await rm(join(staging.folder, postgresFolder), { recursive: true })
      const { aside, undo } = await staging.putInPlace()
      await schemas.swap().catch(async (error: unknown) => {
        await undo()
        throw error
      })
      return { manifest, aside }
    } finally {
      await schemas.close()
    }
  } finally {
    await staging.remove()
  }
}

function checkKind({ config }: LoadedConfig, { database }: Manifest): void {
  const isPostgres = config.database.url !== undefined
  if (database === 'postgres' && !isPostgres)
    throw new VezaError(
      'The archive holds PostgreSQL data, and no PostgreSQL is set.',
      'Set VEZA_DATABASE_URL=postgres://… for this command and for the server.',
    )
  if (database === 'sqlite' && isPostgres)
    throw new VezaError(
      'The archive holds SQLite data, and database.url (VEZA_DATABASE_URL) names a PostgreSQL.',
      'Restore without it.',
    )
}

/** Each database must be sound, and not of a newer Veza. */
async function checkFiles(loaded: LoadedConfig, { sites }: Manifest): Promise<void> {
  const names = [applianceFile, ...sites.map(({ name }) => siteFile(name))]
  for (const name of names) {
    const fault = await checkDatabaseFile(join(loaded.dataDir, name))
    if (fault !== null)
      throw new VezaError(`The archive was refused: ${name} is damaged (${fault}).`, 'Use another backup.')
  }
  const entries = await entriesOf(loaded)
  for (const { name } of sites) await pendingOf(loaded, name, entries)
}
