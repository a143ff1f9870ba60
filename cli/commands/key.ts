import { rotateKeys } from '../../server/secrets/rotate.ts'
import { configOf, withAppliance, withSite } from '../appliance.ts'
import type { CommandRun } from '../command.ts'
import { counted, print, table } from '../output.ts'

interface SigningKeyRow {
  id: string
  createdAt: string
  retiredAt: string | null
  expiresAt: string | null
}

/** `veza key list`: names of keys, never the keys. */
export const list: CommandRun = async (options) => {
  const found = await withSite(options, async ({ database }, { keyring }) => {
    const signing: SigningKeyRow[] = await database
      .db('signing_keys')
      .orderBy('created_at', 'desc')
      .select('id', 'created_at', 'retired_at', 'expires_at')
    return { instance: keyring.ids().map((id, index) => ({ id, isCurrent: index === 0 })), signing }
  })
  const rows = [
    ...found.instance.map(({ id, isCurrent }) => [
      'secrets',
      id,
      isCurrent ? 'seals' : 'opens older ones',
      '',
    ]),
    ...found.signing.map(({ id, createdAt, expiresAt }) => [
      'tokens',
      id,
      expiresAt === null ? 'signs' : `good until ${expiresAt}`,
      createdAt,
    ]),
  ]
  print(options, found, table(['KIND', 'KEY', 'STATE', 'MADE'], rows))
}

/** `veza key rotate [--tokens]` */
export const rotate: CommandRun = async (options) => {
  if (options.tokens) return rotateTokens(options, [])
  const loaded = configOf(options)
  const result = await withAppliance(options, null, async ({ sites, keyring }) => {
    const sealing = sites.map((site) => ({ db: site.database.db, keyring: site.keyring }))
    const rotation = await rotateKeys(loaded, keyring, sealing)
    for (const { database, audit } of sites)
      await audit.record(database.db, { action: 'keys.rotated', actor: null, detail: { ...rotation } })
    return { ...rotation, sites: sites.map(({ row }) => row.name) }
  })
  const { keyId, resealed, sites } = result
  const what = `${counted(resealed, 'secret')} of ${sites.join(', ')}`
  print(
    options,
    result,
    keyId === null
      ? `The keys come from security.instanceKey: no new one was made. Sealed ${what} with the first of them.`
      : `Made the key ${keyId} and sealed ${what} with it. Running servers go on; make a new backup.`,
  )
}

/** Tokens of the key before stay good until they run out. */
const rotateTokens: CommandRun = async (options) => {
  const keyId = await withSite(options, ({ database, tokens, audit }) =>
    database.db.tx(async (db) => {
      const id = await tokens.rotate(db)
      await audit.record(db, { action: 'keys.tokens-rotated', actor: null, detail: { keyId: id } })
      return id
    }),
  )
  print(
    options,
    { keyId },
    `The key ${keyId} signs from now on; tokens signed before stay good until they run out.`,
  )
}
