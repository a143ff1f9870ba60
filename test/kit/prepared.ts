import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'

/** What `veza init` makes: a folder with an owner of that password, at that address. */
export interface Wanted {
  dataDir: string
  url: string
  /** Settings that the folder is made with. */
  env: Record<string, string>
}

/**
 * Makes a data folder as `init` does, which is run once in a whole run for the folders that differ by their address
 * alone, and copied from then on. For itself where VEZA_TEST_PREPARED names no folder, and where the tables are
 * elsewhere. All of them have the same owner, then, and the same instance key.
 */
export async function prepare(wanted: Wanted, init: (dataDir: string) => Promise<void>): Promise<void> {
  const { dataDir, url, env } = wanted
  const folder = process.env.VEZA_TEST_PREPARED
  if (!folder || Object.keys(env).some((name) => name.startsWith('VEZA_DATABASE_'))) return init(dataDir)
  const made = join(folder, 'data')
  if (!existsSync(made)) await makeOnce(folder, made, init)
  await cp(made, dataDir, { recursive: true })
  await chmod(dataDir, 0o700)
  const registry = new Sqlite(join(dataDir, 'appliance.db'), { fileMustExist: true })
  const { changes } = registry.prepare('update sites set url = ?').run(url)
  registry.close()
  if (changes !== 1) throw new Error(`The prepared folder has ${changes} sites.`)
}

/** Several processes may begin at once: the first that is ready is taken, and it appears whole. */
async function makeOnce(
  folder: string,
  made: string,
  init: (dataDir: string) => Promise<void>,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  const own = await mkdtemp(join(folder, 'own-'))
  await init(join(own, 'data'))
  await rename(join(own, 'data'), made).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
  })
  await rm(own, { recursive: true, force: true })
}
