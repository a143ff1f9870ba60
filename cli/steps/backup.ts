import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { backupDatabase } from '../../server/db/index.ts'
import { VezaError } from '../../server/errors.ts'
import { versionOfVeza } from '../../server/kernel/added-plugins.ts'
import { keyFile } from '../../server/secrets/keyring.ts'
import type { LoadedConfig } from '../../server/settings/load.ts'
import { openOrExplain, type SiteRegistry, siteTarget } from '../../server/sites/registry.ts'
import { syncFolder } from '../../server/storage/atomic-write.ts'
import { withRegistry } from '../appliance.ts'
import {
  applianceCopy,
  applianceFile,
  keyEntry,
  type Manifest,
  manifestName,
  siteCopy,
  siteFile,
} from './archive.ts'
import { makeFolders } from './make-folders.ts'
import { createTarWriter, type TarWriter, type WrittenEntry } from './tar-writer.ts'

/**
 * Writes everything of a data folder into one archive, while servers may be writing. Databases come first, each as of
 * one moment; media after them, so that no row leads to a file that is missing for any other reason than that it was
 * deleted meanwhile. The keys that sealed secrets need are in it, too: who has the archive has everything.
 */
export async function backup(loaded: LoadedConfig, file: string): Promise<Manifest> {
  if (existsSync(file))
    throw new VezaError(`There is a file ${file} already.`, 'Give another name, or delete it first.')
  await makeFolders(dirname(file))
  const partial = `${file}.partial`
  const staging = await mkdtemp(join(loaded.dataDir, '.backup-'))
  await rm(partial, { force: true })
  const tar = createTarWriter(partial)
  try {
    const manifest = await withRegistry(loaded, (registry) => writeAll({ loaded, registry, tar, staging }))
    await tar.addText(manifestName, JSON.stringify(manifest))
    await tar.close()
    await rename(partial, file)
    await syncFolder(dirname(file))
    return manifest
  } catch (error) {
    tar.destroy()
    await rm(partial, { force: true })
    throw error
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

interface Parts {
  loaded: LoadedConfig
  registry: SiteRegistry
  tar: TarWriter
  /** Where copies of databases are before they are in the archive. */
  staging: string
}

async function writeAll({ loaded, registry, tar, staging }: Parts): Promise<Manifest> {
  const entries: WrittenEntry[] = []
  const kind = registry.database.dialect.name
  const isSqlite = kind === 'sqlite'
  const keep = (entry: WrittenEntry | null) => {
    if (entry) entries.push(entry)
  }
  const sites = (await registry.list()).map(({ name, url }) => ({ name, url }))
  const copyOf = join(staging, 'copy')
  await backupDatabase(registry.database, copyOf)
  keep(await tar.addFile(isSqlite ? applianceFile : applianceCopy, copyOf))
  for (const { name } of sites) {
    await rm(copyOf, { force: true })
    const database = await openOrExplain(siteTarget(loaded, name))
    await backupDatabase(database, copyOf).finally(() => database.close())
    keep(await tar.addFile(isSqlite ? siteFile(name) : siteCopy(name), copyOf))
  }
  keep(await tar.addFile('config.yaml', loaded.file))
  // After the databases: a rotation meanwhile leaves the key that their secrets were sealed with in the file.
  keep(await tar.addFile(keyEntry, keyFile(loaded.dataDir)))
  const folders = ['plugins', ...sites.map(({ name }) => `sites/${name}/storage`)]
  for (const folder of folders)
    for await (const found of filesIn(loaded.dataDir, folder))
      keep(await tar.addFile(found.path, join(loaded.dataDir, found.path), found))
  return {
    format: 1,
    version: await versionOfVeza(),
    createdAt: new Date().toISOString(),
    database: kind,
    sites,
    entries,
  }
}

interface Found {
  path: string
  sizeBytes: number
  ino: number
}

/**
 * The plain files below a folder with their sizes at this moment. A folder is listed again after its files were
 * measured: what a growing index named by then is listed too.
 */
async function* filesIn(root: string, folder: string): AsyncGenerator<Found> {
  const measured = new Map<string, Found>()
  const below = new Set<string>()
  for (let pass = 0; pass < 2; pass++)
    for (const entry of await readdir(join(root, folder), { withFileTypes: true }).catch(() => [])) {
      const path = `${folder}/${entry.name}`
      if (entry.isDirectory() && path !== 'plugins/node_modules') below.add(path)
      if (!entry.isFile() || measured.has(path) || isHalfWritten(entry.name)) continue
      const found = await stat(join(root, path)).catch(() => null)
      if (found) measured.set(path, { path, sizeBytes: found.size, ino: found.ino })
    }
  yield* measured.values()
  for (const path of below) yield* filesIn(root, path)
}

/** Names of files that are renamed once they are whole. */
const isHalfWritten = (name: string): boolean => name.startsWith('~') || /^\..*\.tmp$/.test(name)

/** `<data>/backups/veza-<time>.tar.gz` */
export function usualArchive(dataDir: string, now = new Date()): string {
  const time = now
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:]/g, '')
  return join(dataDir, 'backups', `veza-${time}.tar.gz`)
}
