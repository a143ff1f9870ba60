import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { VezaError } from '../errors.ts'
import type { LoadedConfig } from '../settings/load.ts'

/**
 * The appliance's own keys, kept outside the databases: what is sealed by them is worth nothing to who has a database
 * alone. AES-256-GCM; `context` names the place (`totp_secrets.secret/<id>`), so that a sealed text opens only there.
 */
export interface Keyring {
  seal(text: string, context: string): string
  /** Throws where the key is missing or the text was changed. */
  open(sealed: string, context: string): string
  /** HMAC-SHA-256 by a key derived for that purpose; of every key of the ring, the current one first. */
  macs(purpose: string, text: string): string[]
  /** Ids of the keys, the current one first. */
  ids(): string[]
  isCurrent(sealed: string): boolean
  /** Puts a new key in front; the ones before stay for what they sealed. Throws where the setting holds the keys. */
  rotate(): string
  /** Drops all keys but the first `count`. */
  keep(count: number): void
}

interface Key {
  id: string
  bytes: Buffer
}

/** Where the keys are, unless the setting holds them. */
export const keyFile = (dataDir: string) => join(dataDir, 'keys', 'instance.key')

/** Opens the keys of `security.instanceKey`, or of `<data>/keys/instance.key`, made where there is none. */
export function openKeyring({ config, dataDir }: Pick<LoadedConfig, 'config' | 'dataDir'>): Keyring {
  const { instanceKey } = config.security
  if (instanceKey !== undefined) {
    const keys = parse(instanceKey, 'security.instanceKey')
    return keyring(() => keys)
  }
  const file = keyFile(dataDir)
  makeOnce(file)
  // Looked at before it is read: what is written in between is read again.
  let readAt = statSync(file).mtimeMs
  let keys = readKeys(file)
  const fresh = () => {
    const changedAt = statSync(file).mtimeMs
    if (changedAt !== readAt) {
      keys = readKeys(file)
      readAt = changedAt
    }
    return keys
  }
  return keyring(fresh, (next) => {
    writeWhole(file, next)
    keys = next
    readAt = statSync(file).mtimeMs
  })
}

function keyring(read: () => Key[], write?: (keys: Key[]) => void): Keyring {
  const current = () => read()[0] as Key
  const writable = () => {
    if (write) return write
    throw new VezaError(
      'The keys come from the setting security.instanceKey.',
      'Put a new key before the old one there (with a comma between), restart, and run `veza key rotate` again.',
    )
  }
  return {
    seal: (text, context) => {
      const { id, bytes } = current()
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', bytes, iv).setAAD(Buffer.from(context))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `k.${id}.${iv.toString('base64url')}.${body.toString('base64url')}`
    },
    open: (sealed, context) => {
      const [, id, iv, body] = sealed.split('.')
      const key = read().find((candidate) => candidate.id === id)
      if (!key || !iv || !body)
        throw new VezaError(
          'A stored secret was sealed with a key that is not here.',
          'Put back keys/instance.key (it is part of every backup), or the older key in security.instanceKey.',
        )
      const bytes = Buffer.from(body, 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', key.bytes, Buffer.from(iv, 'base64url'))
      try {
        decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-16))
        return decipher.update(bytes.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8')
      } catch (cause) {
        throw new VezaError(
          `A stored secret (${context}) was changed outside Veza, or is not at its place.`,
          'Restore a backup, or make that secret anew.',
          { cause },
        )
      }
    },
    macs: (purpose, text) =>
      read().map(({ bytes }) => {
        const derived = createHmac('sha256', bytes).update(`veza ${purpose}`).digest()
        return createHmac('sha256', derived).update(text).digest('base64url')
      }),
    ids: () => read().map(({ id }) => id),
    isCurrent: (sealed) => sealed.startsWith(`k.${current().id}.`),
    rotate: () => {
      const save = writable()
      const key = newKey()
      save([key, ...read()])
      return key.id
    },
    keep: (count) => {
      if (write && read().length > count) write(read().slice(0, count))
    },
  }
}

/** Whether a stored text is a sealed one; texts of older versions are plain. */
export const isSealed = (text: string): boolean => /^k\.[0-9a-f]{8}\.[\w-]+\.[\w-]+$/.test(text)

const idOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex').slice(0, 8)
const newKey = (): Key => {
  const bytes = randomBytes(32)
  return { id: idOf(bytes), bytes }
}

function parse(text: string, where: string): Key[] {
  const keys = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((part) => Buffer.from(part, 'base64url'))
  if (keys.length === 0 || keys.some((bytes) => bytes.length !== 32))
    throw new VezaError(
      `The key in ${where} is not right: each key is 32 bytes in base64.`,
      'Make one with: openssl rand -base64 32',
    )
  return keys.map((bytes) => ({ id: idOf(bytes), bytes }))
}

function readKeys(file: string): Key[] {
  try {
    return parse(readFileSync(file, 'utf8'), file)
  } catch (cause) {
    if (cause instanceof VezaError) throw cause
    throw new VezaError(`The keys in ${file} cannot be read.`, 'Check the rights of the file.', { cause })
  }
}

/** Of several processes that find none, one makes the file; it is there whole or not at all. */
function makeOnce(file: string): void {
  if (existsSync(file)) return
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const partial = writePartial(file, [newKey()])
  try {
    linkSync(partial, file)
    syncFolder(dirname(file))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    unlinkSync(partial)
  }
}

function writeWhole(file: string, keys: Key[]): void {
  renameSync(writePartial(file, keys), file)
  syncFolder(dirname(file))
}

/** Its name is not in the file: without this a power cut may leave none. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  fsyncSync(handle)
  closeSync(handle)
}

function writePartial(file: string, keys: Key[]): string {
  const partial = `${file}.${process.pid}.tmp`
  const handle = openSync(partial, 'w', 0o600)
  writeFileSync(handle, `${keys.map(({ bytes }) => bytes.toString('base64url')).join('\n')}\n`)
  fsyncSync(handle)
  closeSync(handle)
  return partial
}

/** The same keys with the site's name in every place: what one site sealed opens at no other. */
export function keyringOf(keyring: Keyring, site: string): Keyring {
  return {
    ...keyring,
    seal: (text, context) => keyring.seal(text, `${site}/${context}`),
    open: (sealed, context) => keyring.open(sealed, `${site}/${context}`),
    macs: (purpose, text) => keyring.macs(`${site}/${purpose}`, text),
  }
}
