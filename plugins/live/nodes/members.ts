import { createHash } from 'node:crypto'
import { browsers, devices, type Kind } from '../stats/devices.ts'

/** One viewer as processes tell each other: no id, only a hash of the random one that the player was given. */
export interface Member extends Kind {
  /** 48 bits of SHA-256 in base64url. */
  key: string
  /** When first seen, in seconds since 1970. */
  sinceS: number
  /** Two letters; null where it is not known. */
  country: string | null
  /** How far behind the newest media, as far as it is known. */
  delayMs: number | null
}

/** Hash (6), since (4), device (1), browser (1), country (2), delay in 50 ms (2). */
const recordBytes = 16
const delayUnitMs = 50
const noDelay = 0xffff

export const keyOf = (viewerId: string): string =>
  createHash('sha256').update(viewerId).digest().subarray(0, 6).toString('base64url')

/** All viewers of a stream as one text. */
export function packMembers(members: Iterable<Member>, count: number): string {
  const bytes = Buffer.alloc(count * recordBytes)
  let at = 0
  for (const { key, sinceS, device, browser, country, delayMs } of members) {
    bytes.write(key, at, 'base64url')
    bytes.writeUInt32BE(sinceS, at + 6)
    bytes[at + 10] = devices.indexOf(device)
    bytes[at + 11] = browsers.indexOf(browser)
    bytes.write(country ?? '\0\0', at + 12, 2, 'latin1')
    const delay = delayMs === null ? noDelay : Math.min(noDelay - 1, Math.round(delayMs / delayUnitMs))
    bytes.writeUInt16BE(delay, at + 14)
    at += recordBytes
  }
  return bytes.subarray(0, at).toString('base64url')
}

/** What a newer version counts and this one does not know becomes `other`. */
export function unpackMembers(text: string): Member[] {
  const bytes = Buffer.from(text, 'base64url')
  const members: Member[] = []
  for (let at = 0; at + recordBytes <= bytes.length; at += recordBytes) {
    const country = bytes.toString('latin1', at + 12, at + 14)
    const delay = bytes.readUInt16BE(at + 14)
    members.push({
      key: bytes.toString('base64url', at, at + 6),
      sinceS: bytes.readUInt32BE(at + 6),
      device: devices[bytes[at + 10] ?? 0] ?? 'other',
      browser: browsers[bytes[at + 11] ?? 0] ?? 'other',
      country: /^[A-Z]{2}$/.test(country) ? country : null,
      delayMs: delay === noDelay ? null : delay * delayUnitMs,
    })
  }
  return members
}
