import { createHash } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import type { Db } from '../db/index.ts'
import { addressBlock } from '../sdk/address-block.ts'
import { isoTime } from '../sdk/index.ts'
import { normalNetwork, putAddressRule } from './address-rules.ts'
import { markChangeOfPeople } from './change-mark.ts'
import type { IdentityParts } from './parts.ts'

/** So many accounts tried in vain from one address within the time keep it out for as long. */
const mostFailures = 100
const windowMs = 3_600_000
const banMs = 3_600_000

/** Where a whole house or the proxy in front may be: never banned by itself, the waits hold there all the same. */
const inside = new BlockList()
for (const [address, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const)
  inside.addSubnet(address, bits)
for (const [address, bits] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  inside.addSubnet(address, bits, 'ipv6')

const isInside = (address: string) => inside.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

const hashOf = (name: string) => createHash('sha256').update(name.trim().toLowerCase()).digest('base64url')

/**
 * Counts a failed sign-in, each account once however often it was tried: a venue where many sit behind one address is
 * full of people who mistype their own. One upsert and a count over at most a hundred rows.
 */
export async function noteFailure(parts: IdentityParts, address: string, name: string): Promise<void> {
  if (isIP(address) === 0 || isInside(address) || parts.addressRules.favours(address)) return
  const { db } = parts
  const now = parts.now()
  const block = addressBlock(address)
  const row = { address: block, nameHash: hashOf(name), failedAt: isoTime(now) }
  await db('failed_sign_ins').insert(row).onConflict(['address', 'name_hash']).merge()
  if ((await countFailures(db, block, now)) >= mostFailures) await ban(parts, block, now)
}

/** Whoever signs in after all was no guess. */
export async function forgetFailure(db: Db, address: string, name: string): Promise<void> {
  await db('failed_sign_ins')
    .where({ address: addressBlock(address), nameHash: hashOf(name) })
    .delete()
}

async function countFailures(db: Db, address: string, now: Date): Promise<number> {
  const row: { n: number } | undefined = await db('failed_sign_ins')
    .where({ address })
    .where('failed_at', '>', isoTime(new Date(now.getTime() - windowMs)))
    .count('* as n')
    .first()
  return row?.n ?? 0
}

async function ban(parts: IdentityParts, block: string, now: Date): Promise<void> {
  const { db, audit, addressRules } = parts
  const network = normalNetwork(block)
  if (network === null) return
  const untilAt = isoTime(new Date(now.getTime() + banMs))
  const reason = `Signing in to ${mostFailures} accounts failed from here within an hour.`
  await db.tx(async (tx) => {
    await putAddressRule(tx, { network, kind: 'deny', reason, untilAt }, now)
    await tx('failed_sign_ins').where({ address: block }).delete()
    await audit.record(tx, { action: 'address.banned', actor: null, subject: network, detail: { untilAt } })
    await markChangeOfPeople(tx)
  })
  await addressRules.reload(db)
  parts.recheckSockets()
}

export async function removeOldFailures(db: Db, now: Date): Promise<void> {
  await db('failed_sign_ins')
    .where('failed_at', '<', isoTime(new Date(now.getTime() - windowMs)))
    .delete()
}
