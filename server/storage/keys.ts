/** Longest key in characters. */
const maxLength = 512
const segment = /^[a-z0-9_-][a-z0-9._-]{0,199}$/

/** Whether a text may name a file of the storage: `[a-z0-9._-]` segments between slashes, none hidden, no `..`. */
export function isKey(text: string): boolean {
  return (
    text.length <= maxLength && !text.includes('..') && text.split('/').every((part) => segment.test(part))
  )
}

/** Thrown for a key that the storage does not take: a fault of the code that made it. */
export class StorageKeyError extends Error {
  constructor(key: string) {
    super(`Not a storage key: ${JSON.stringify(key.slice(0, 100))}`)
  }
}

export function checkKey(key: string): string {
  if (!isKey(key)) throw new StorageKeyError(key)
  return key
}

/** A folder, with or without a slash at its end. */
export function checkFolder(prefix: string): string {
  return checkKey(prefix.endsWith('/') ? prefix.slice(0, -1) : prefix)
}
