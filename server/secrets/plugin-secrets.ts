import type { Secrets } from '../sdk/index.ts'
import type { Keyring } from './keyring.ts'
import { readSecret, removeSecret, writeSecret } from './site-secret.ts'

/** A plugin's secrets, kept among the site's under its own name. */
export function secretsOf(owner: string, keyring: Keyring): Secrets {
  return {
    read: (db, name) => readSecret(db, keyring, `${owner}.${name}`),
    write: (db, name, value) => writeSecret(db, keyring, { name: `${owner}.${name}`, value }),
    remove: (db, name) => removeSecret(db, `${owner}.${name}`),
  }
}
