import { readFile } from 'node:fs/promises'
import { admin, identity } from '#contract'
import { audit } from '../../server/audit/index.ts'
import { systemClock } from '../../server/clock.ts'
import { VezaError } from '../../server/errors.ts'
import { createDoors } from '../../server/identity/external/doors.ts'
import { presentProvider } from '../../server/identity/external/provider-routes.ts'
import {
  findProvider,
  listProviderRows,
  type ProviderRow,
  removeProvider,
  type SavingParts,
  saveProvider,
} from '../../server/identity/external/providers.ts'
import type { Site } from '../../server/sites/site.ts'
import { configOf, withSite } from '../appliance.ts'
import type { CommandRun } from '../command.ts'
import { readFlag } from '../flags.ts'
import { type GlobalOptions, print, table } from '../output.ts'

interface Flags {
  kind?: string
  clientId?: string
  clientSecretFile?: string
  issuer?: string
  title?: string
  disable?: boolean
}

/** `veza provider list` */
export const list: CommandRun = async (options) => {
  const items = await withSite(options, async ({ database, info }) =>
    (await listProviderRows(database.db)).map((row) => presentProvider({ site: info }, row)),
  )
  const rows = items.map(({ name, kind, title, issuer, isEnabled }) => {
    return [name, kind, title, issuer ?? '', isEnabled ? 'on' : 'off']
  })
  print(
    options,
    { items },
    rows.length === 0
      ? 'There are no providers yet; members sign in by password or passkey.'
      : table(['NAME', 'KIND', 'TITLE', 'ISSUER', 'STATE'], rows),
  )
}

/** `veza provider set NAME`: what is not said stays as it is. */
export const set: CommandRun = async (options, [name = '']) => {
  const flags = options as GlobalOptions & Flags
  const clientSecret = flags.clientSecretFile && (await secretFrom(flags.clientSecretFile))
  const provider = await withSite(options, async (site) => {
    const parts = partsOf(site, options)
    const before = await findProvider(parts.db, name)
    const wish = readFlag(admin.setProvider.body!, wishOf(name, flags, before, clientSecret), 'provider')
    const door = createDoors(parts)(wish)
    const row = await saveProvider(parts, name, wish, { actor: null, check: door.check })
    return presentProvider({ site: site.info }, row)
  })
  const state = provider.isEnabled ? 'Members may sign in by it.' : 'It is switched off.'
  print(
    options,
    provider,
    `Set ${name}. ${state}\nEnter this address at the provider: ${provider.callbackUrl}`,
  )
}

/** `veza provider remove NAME` */
export const remove: CommandRun = async (options, [name = '']) => {
  await withSite(options, ({ database }) => removeProvider({ db: database.db, audit }, name, null))
  print(
    options,
    { name, isRemoved: true },
    `Removed ${name}; accounts linked to it keep their other ways in.`,
  )
}

function partsOf({ database, keyring }: Site, options: GlobalOptions): SavingParts {
  const { allowPrivateIssuers } = configOf(options).config.security
  return { db: database.db, keyring, audit, now: systemClock.now, allowPrivateIssuers }
}

function wishOf(name: string, flags: Flags, before: ProviderRow | null, clientSecret: string | undefined) {
  const known = identity.Provider.shape.kind.safeParse(name).data
  const kind = flags.kind === undefined ? (before?.kind ?? known ?? 'oidc') : flags.kind
  const clientId = flags.clientId ?? before?.clientId
  if (clientId === undefined)
    throw new VezaError('The provider needs the id it gave to this site.', 'Give it with --client-id.', {
      isUsage: true,
    })
  const titles: Record<string, string> = { google: 'Google', github: 'GitHub' }
  return {
    kind: readFlag(identity.Provider.shape.kind, kind, '--kind'),
    title: flags.title ?? before?.title ?? titles[kind] ?? name,
    clientId,
    issuer: flags.issuer ?? before?.issuer ?? null,
    isEnabled: flags.disable !== true,
    ...(clientSecret ? { clientSecret } : {}),
  }
}

/** The secret in a file, without the line break at its end. */
async function secretFrom(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new VezaError(`The file ${file} cannot be read.`, 'Check its path and rights.', {
      cause,
      isUsage: true,
    })
  })
  const secret = text.trim()
  if (secret === '')
    throw new VezaError(`The file ${file} is empty.`, 'Put the secret into it.', { isUsage: true })
  return secret
}
