import { identity, invalidInput, notFound } from '#contract'
import type { Db } from '../../db/index.ts'
import { isoTime, problem } from '../../sdk/index.ts'
import type { IdentityParts } from '../parts.ts'
import { issuerOf } from './issuers.ts'

export interface ProviderRow {
  name: string
  kind: identity.Provider['kind']
  title: string
  clientId: string
  /** Sealed. */
  clientSecret: string | null
  /** As it was entered; see `issuerOf`. */
  issuer: string | null
  isEnabled: boolean
  createdAt: string
}

/** Where a provider's secret is sealed: it opens at no other name. */
const secretPlace = (name: string) => `identity_providers.client_secret/${name}`

export async function findProvider(db: Db, name: string): Promise<ProviderRow | null> {
  return (await db<ProviderRow>('identity_providers').where({ name }).first()) ?? null
}

/** One that may be signed in with; throws not-found. */
export async function getOpenProvider(db: Db, name: string): Promise<ProviderRow> {
  const row = await findProvider(db, name)
  if (!row?.isEnabled) throw problem(notFound)
  return row
}

export async function listProviderRows(db: Db): Promise<ProviderRow[]> {
  return db<ProviderRow>('identity_providers').orderBy('created_at').orderBy('name')
}

export const openSecret = ({ keyring }: Pick<IdentityParts, 'keyring'>, row: ProviderRow): string | null =>
  row.clientSecret === null ? null : keyring.open(row.clientSecret, secretPlace(row.name))

/** What is said of a provider when it is saved; a secret that is left out stays. */
export interface ProviderWish extends Pick<ProviderRow, 'kind' | 'title' | 'clientId' | 'isEnabled'> {
  clientSecret?: string | undefined
  issuer?: string | null | undefined
}

export type SavingParts = Pick<IdentityParts, 'db' | 'keyring' | 'audit' | 'now' | 'allowPrivateIssuers'>
type Actor = Parameters<IdentityParts['audit']['record']>[1]['actor']

/** Adds or changes a provider; `check` asks the issuer. Throws identity.bad-issuer and invalid-input. */
export async function saveProvider(
  parts: SavingParts,
  name: string,
  wish: ProviderWish,
  { actor, check }: { actor: Actor; check: (row: ProviderRow) => Promise<void> },
): Promise<ProviderRow> {
  if (!/^[a-z][a-z0-9-]{0,29}$/.test(name))
    throw wrong('/name', 'Use up to 30 lower-case letters, digits and hyphens, beginning with a letter.')
  const { clientSecret: secret, issuer, ...columns } = wish
  const before = await findProvider(parts.db, name)
  const row: ProviderRow = {
    name,
    ...columns,
    issuer: issuer?.trim() || null,
    clientSecret: secret ? parts.keyring.seal(secret, secretPlace(name)) : null,
    createdAt: before?.createdAt ?? isoTime(parts.now()),
  }
  if (row.kind === 'oidc' && row.issuer === null) throw wrong('/issuer', 'Write the address of the issuer.')
  // A secret is kept for the server it was given for, or who sets the issuer could have it sent to them.
  const isSame = before?.kind === row.kind && issuerOf(before) === issuerOf(row)
  if (!secret && isSame) row.clientSecret = before.clientSecret
  if (row.clientSecret === null && (row.kind !== 'oidc' || before?.clientSecret))
    throw wrong('/clientSecret', 'Write the secret that the provider gave.')
  if (row.isEnabled) await check(row)
  await parts.db.tx(async (tx) => {
    await tx('identity_providers').insert(row).onConflict('name').merge()
    const detail = { name, kind: row.kind, issuer: issuerOf(row), isEnabled: row.isEnabled }
    await parts.audit.record(tx, { action: 'provider.saved', actor, detail })
  })
  return row
}

/** Throws not-found. */
export async function removeProvider(
  { db, audit }: Pick<IdentityParts, 'db' | 'audit'>,
  name: string,
  actor: Actor,
): Promise<void> {
  await db.tx(async (tx) => {
    if ((await tx('identity_providers').where({ name }).delete()) === 0)
      throw problem(notFound, `There is no provider "${name}".`)
    await audit.record(tx, { action: 'provider.removed', actor, detail: { name } })
  })
}

/** The address to enter at the provider. */
export const callbackUrl = ({ site }: { site: { url: string } }, name: string): string =>
  site.url + identity.externalCallback.path.replace('{provider}', name)

const wrong = (pointer: string, message: string) =>
  problem(invalidInput, undefined, { errors: [{ pointer, message }] })
