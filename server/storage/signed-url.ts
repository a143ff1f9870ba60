import { checkKey, isKey } from './keys.ts'

/** The site's HMAC, bound to media addresses; signatures are hex or base64url. */
export interface MediaSigner {
  sign(value: string): string
  /** Compares in constant time. */
  verify(value: string, signature: string): boolean
}

/** Where files of the storage are served. */
export const filesAt = '/media/'

const address = /^\/?(\d{1,12})\.([A-Za-z0-9_-]{16,200})\/(.+)$/

/** `/media/<expires in unix seconds>.<hmac>/<key>`; the signature covers the end and the key. */
export function signMediaUrl(signer: MediaSigner, key: string, seconds: number, now: number): string {
  checkKey(key)
  const expires = Math.floor(now / 1000) + Math.ceil(seconds)
  return `${filesAt}${expires}.${signer.sign(`${expires}/${key}`)}/${key}`
}

/** Reads the part after `/media/`. */
export function verifyMediaUrl(
  signer: MediaSigner,
  rest: string,
  now: number,
): { key: string; expiresAt: number } | null {
  const [, expires, signature, key] = address.exec(rest) ?? []
  if (!expires || !signature || !key || !isKey(key)) return null
  if (!signer.verify(`${expires}/${key}`, signature)) return null
  const expiresAt = Number(expires) * 1000
  return expiresAt > now ? { key, expiresAt } : null
}

const dayS = 86_400

/** Seconds until the end of tomorrow (UTC), from a wall clock in milliseconds: what is signed for so long is the same all day. */
export function secondsToTomorrowsEnd(now: number): number {
  const nowS = Math.floor(now / 1000)
  return (Math.floor(nowS / dayS) + 2) * dayS - nowS
}
