import type { Db } from '../db/index.ts'
import { isSealed, type Keyring } from './keyring.ts'

const contextOf = (name: string) => `secrets.value/${name}`

/** A secret of the site by name, or null. */
export async function readSecret(db: Db, keyring: Keyring, name: string): Promise<string | null> {
  const row: { value: string } | undefined = await db('secrets').where({ name }).first()
  if (!row) return null
  // Those of older versions are plain until the next `veza key rotate`, or until here.
  if (isSealed(row.value)) return keyring.open(row.value, contextOf(name))
  await db('secrets')
    .where({ name, value: row.value })
    .update({ value: keyring.seal(row.value, contextOf(name)) })
  return row.value
}

/** The secret of that name, made by `create` where there is none; of parallel makers all get the same one. */
export async function secretOr(
  db: Db,
  keyring: Keyring,
  name: string,
  create: () => string,
): Promise<string> {
  const found = await readSecret(db, keyring, name)
  if (found !== null) return found
  const value = create()
  await db('secrets')
    .insert({ name, value: keyring.seal(value, contextOf(name)) })
    .onConflict('name')
    .ignore()
  return (await readSecret(db, keyring, name)) ?? value
}

/** Keeps a secret under a name, whatever was there. */
export async function writeSecret(
  db: Db,
  keyring: Keyring,
  { name, value }: { name: string; value: string },
): Promise<void> {
  const sealed = keyring.seal(value, contextOf(name))
  await db('secrets').insert({ name, value: sealed }).onConflict('name').merge()
}

export async function removeSecret(db: Db, name: string): Promise<boolean> {
  return (await db('secrets').where({ name }).delete()) === 1
}
