import { BlockList, isIP } from 'node:net'
import type { Db } from '../db/index.ts'
import { groupsOf, mappedIn } from '../http/plain-address.ts'
import { isoTime, newId, pageFrom } from '../sdk/index.ts'

export interface AddressRuleRow {
  id: string
  network: string
  kind: 'deny' | 'allow'
  reason: string
  untilAt: string | null
  createdAt: string
}

/** Who may speak to the site at all: asked at every request, so held in memory. */
export interface AddressRules {
  admits(address: string): boolean
  /** Whether a rule lets the address in whatever the others say. */
  favours(address: string): boolean
  /** Reads the rules again, after a change here or in another process. */
  reload(db: Db): Promise<void>
}

interface Held {
  id: string
  list: BlockList
  until: number
  isAllow: boolean
}

export function createAddressRules(now: () => Date): AddressRules {
  let held: Held[] = []
  return {
    admits: (address) => judge(held, address, now()) !== 'deny',
    favours: (address) => judge(held, address, now()) === 'allow',
    reload: async (db) => {
      held = hold(await validRules(db, now()))
    },
  }
}

/** Whether these rules would let the address in. */
export const wouldAdmit = (
  rules: Pick<AddressRuleRow, 'id' | 'network' | 'kind' | 'untilAt'>[],
  address: string,
  now: Date,
): boolean => judge(hold(rules), address, now) !== 'deny'

function hold(rules: Pick<AddressRuleRow, 'id' | 'network' | 'kind' | 'untilAt'>[]): Held[] {
  return rules.flatMap(({ id, network, untilAt, kind }) => {
    const list = networkOf(network)
    const until = untilAt ? Date.parse(untilAt) : Number.POSITIVE_INFINITY
    return list ? [{ id, list, until, isAllow: kind === 'allow' }] : []
  })
}

function judge(held: Held[], address: string, now: Date): 'deny' | 'allow' | null {
  const version = held.length === 0 ? 0 : isIP(address)
  // No address at all comes only from a proxy that was told to be trusted.
  if (version === 0) return null
  const time = now.getTime()
  const family = version === 6 ? 'ipv6' : 'ipv4'
  const hits = held.filter(({ list, until }) => until > time && list.check(address, family))
  if (hits.some(({ isAllow }) => isAllow)) return 'allow'
  return hits.length > 0 ? 'deny' : null
}

/** `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`; null for anything else. */
export function networkOf(text: string): BlockList | null {
  const read = readNetwork(text)
  if (!read) return null
  const list = new BlockList()
  list.addSubnet(read.address, read.bits, read.family)
  return list
}

/** One way of writing each network: `192.0.2.7/24` -> `192.0.2.0/24`, `::ffff:192.0.2.7` -> `192.0.2.7`. */
export function normalNetwork(text: string): string | null {
  const read = readNetwork(text)
  if (!read) return null
  const { address, bits, family } = read
  const most = family === 'ipv6' ? 128 : 32
  const first = family === 'ipv6' ? firstOf6(address, bits) : firstOf4(address, bits)
  return bits === most ? first : `${first}/${bits}`
}

interface Network {
  address: string
  bits: number
  family: 'ipv4' | 'ipv6'
}

function readNetwork(text: string): Network | null {
  const [given = '', length, ...rest] = text.trim().split('/')
  const version = given.includes('%') ? 0 : isIP(given)
  if (version === 0 || rest.length > 0) return null
  const most = version === 6 ? 128 : 32
  if (length !== undefined && (!/^\d{1,3}$/.test(length) || Number(length) > most)) return null
  const bits = length === undefined ? most : Number(length)
  const mapped = version === 6 ? mappedIn(given) : null
  if (mapped && bits >= 96) return { address: mapped, bits: bits - 96, family: 'ipv4' }
  return { address: given, bits, family: version === 6 ? 'ipv6' : 'ipv4' }
}

const firstOf6 = (address: string, bits: number): string =>
  new URL(
    `http://[${groupsOf(address)
      .map((group, index) => maskOf(group, 16, bits - index * 16).toString(16))
      .join(':')}]`,
  ).hostname.slice(1, -1)

const firstOf4 = (address: string, bits: number): string =>
  address
    .split('.')
    .map((part, index) => maskOf(Number(part), 8, bits - index * 8))
    .join('.')

/** Keeps the first `bits` of a number that is `width` bits wide. */
function maskOf(value: number, width: number, bits: number): number {
  const dropped = width - Math.min(width, Math.max(0, bits))
  return Math.floor(value / 2 ** dropped) * 2 ** dropped
}

/** Rules whose time is not over. */
export function validRules(db: Db, now: Date): Promise<AddressRuleRow[]> {
  return selectValid(db, now) as unknown as Promise<AddressRuleRow[]>
}

const selectValid = (db: Db, now: Date) =>
  db<AddressRuleRow>('address_rules').where((either) =>
    either.whereNull('until_at').orWhere('until_at', '>', isoTime(now)),
  )

export async function listAddressRules(
  db: Db,
  page: { after?: string | undefined; limit: number },
  now: Date,
): Promise<{ items: AddressRuleRow[]; next: string | null }> {
  const query = selectValid(db, now)
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.after) query.where('id', '<', page.after)
  const rows: AddressRuleRow[] = await query
  return pageFrom(rows, page.limit)
}

/** Adds a rule, or gives the one for the same network its new reason and end. */
export async function putAddressRule(
  db: Db,
  rule: Pick<AddressRuleRow, 'network' | 'kind' | 'reason' | 'untilAt'>,
  now: Date,
): Promise<AddressRuleRow> {
  const row = { id: newId(), ...rule, createdAt: isoTime(now) }
  await db('address_rules')
    .insert(row)
    .onConflict(['network', 'kind'])
    .merge(['reason', 'until_at', 'created_at'])
  const { network, kind } = rule
  return (await db<AddressRuleRow>('address_rules').where({ network, kind }).first()) as AddressRuleRow
}

export async function findAddressRule(db: Db, id: string): Promise<AddressRuleRow | null> {
  return (await db<AddressRuleRow>('address_rules').where({ id }).first()) ?? null
}

export async function removeAddressRule(db: Db, id: string): Promise<void> {
  await db('address_rules').where({ id }).delete()
}

/** Those whose time was over a month ago; until then they tell what happened. */
export async function removeOldAddressRules(db: Db, now: Date): Promise<void> {
  const monthAgo = new Date(now.getTime() - 30 * 24 * 3_600_000)
  await db('address_rules').where('until_at', '<', isoTime(monthAgo)).delete()
}
