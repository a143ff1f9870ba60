import { existsSync } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { admin, identity } from '#contract'
import { VezaError } from '../../server/errors.ts'
import { insertAccount } from '../../server/identity/accounts.ts'
import { judgePassword } from '../../server/identity/password-policy.ts'
import { hashPassword } from '../../server/identity/passwords.ts'
import { setUpToken } from '../../server/identity/set-up.ts'
import { usernameOf } from '../../server/identity/staff.ts'
import { createLog } from '../../server/log/index.ts'
import { openAppliance } from '../../server/main.ts'
import { isoTime } from '../../server/sdk/index.ts'
import { environmentVariable, loadConfig } from '../../server/settings/load.ts'
import { cleanUrl, openRegistry } from '../../server/sites/registry.ts'
import { readFlag } from '../flags.ts'
import { checkWritable } from './before-start.ts'
import { makeFolders } from './make-folders.ts'

export interface Wishes {
  dataDir: string
  url: string
  title?: string
  owner?: { email: string; password: string }
}

const config = `# Settings of this Veza. Every key can also be set in the environment (VEZA_HTTP_PORT, …).
# \`veza config show\` lists all of them with their meaning.
`

/** SQLite opens no file whose whole path has more than 512 bytes; the longest in a data folder adds some eighty. */
const longestPath = 420

export const isInitialised = async (dataDir: string): Promise<boolean> =>
  existsSync(join(dataDir, 'config.yaml'))

/** The owner's password opens everything: the rule of the pages holds here, too. */
async function refuseGuessable(owner: { email: string; username: string; password: string }, title = '') {
  const { isAccepted, reason } = await judgePassword(
    owner.password,
    [owner.email, owner.username, title],
    'en',
  )
  if (!isAccepted)
    throw new VezaError(
      reason ?? 'This password is too easy to guess.',
      'Choose another, of several words.',
      {
        isUsage: true,
      },
    )
}

/** Makes the data folder, the site `main` and, where given, its owner. Checks everything before it writes. */
export async function initialise(
  wishes: Wishes,
): Promise<{ url: string; setUpUrl: string | null; owner: string | null }> {
  const url = cleanUrl(wishes.url)
  const owner = wishes.owner ? checkOwner(wishes.owner) : null
  if (owner) await refuseGuessable(owner, wishes.title)
  const title = wishes.title && readFlag(admin.SiteSettings.shape.title, wishes.title, '--title')
  await makeFolder(wishes.dataDir)
  const registry = await openRegistry(loadConfig(wishes.dataDir))
  if ((await registry.list()).length === 0) await registry.add('main', url)
  await registry.database.close()
  const appliance = await openAppliance({
    loaded: loadConfig(wishes.dataDir),
    roles: [],
    only: 'main',
    log: createLog({ level: 'silent' }),
  })
  try {
    const site = appliance.sites[0]
    if (!site) throw new VezaError('The site "main" is missing.', 'Run `veza doctor`.')
    await site.database.db.tx(async (db) => {
      if (title) await site.settings.updateSite(db, { title })
      if (owner)
        await insertAccount(db, {
          email: owner.email,
          username: owner.username,
          passwordHash: await hashPassword(owner.password),
          roles: ['owner'],
          // Who sets the machine up is believed.
          emailVerifiedAt: isoTime(),
        })
    })
    // Written last: a folder without it is not taken for a finished one.
    await writeFile(join(wishes.dataDir, 'config.yaml'), config, { mode: 0o600, flag: 'wx', flush: true })
    const token = await setUpToken(site.database.db, site.keyring)
    return { url, setUpUrl: token ? `${url}/setup?token=${token}` : null, owner: owner?.email ?? null }
  } finally {
    await appliance.stop()
  }
}

function checkOwner({ email, password }: { email: string; password: string }) {
  const address = readFlag(identity.Email, email, '--admin-email')
  return {
    email: address,
    username: usernameOf(address),
    password: readFlag(identity.Password, password, 'The password'),
  }
}

/** Where the pages will be until the label says otherwise. */
export function defaultUrl(): string {
  const port = Number(environmentVariable('VEZA_HTTP_PORT') ?? 8080)
  return `http://localhost:${Number.isInteger(port) && port > 0 ? port : 8080}`
}

async function makeFolder(dataDir: string): Promise<void> {
  if (Buffer.byteLength(dataDir) > longestPath)
    throw new VezaError(
      `The path of the data folder is too long: ${dataDir.slice(0, 60)}…`,
      `Choose one of at most ${longestPath} bytes with --data.`,
    )
  await makeFolders(dataDir, 0o700)
  const known = new Set([
    'appliance.db',
    'appliance.db-wal',
    'appliance.db-shm',
    'sites',
    'run',
    'logs',
    'plugins',
    'backups',
    'trash',
    'config.yaml',
  ])
  const strange = (await readdir(dataDir)).filter((name) => !known.has(name) && name !== 'lost+found')
  if (strange.length > 0)
    throw new VezaError(
      `${dataDir} is not empty (${strange.slice(0, 3).join(', ')}).`,
      'Choose an empty folder with --data.',
    )
  await checkWritable(dataDir)
}
