import { admin, invalidInput, notFound } from '#contract'
import { isoTime, problem } from '../sdk/index.ts'
import {
  type AddressRuleRow,
  findAddressRule,
  listAddressRules,
  networkOf,
  normalNetwork,
  putAddressRule,
  removeAddressRule,
  validRules,
  wouldAdmit,
} from './address-rules.ts'
import { markChangeOfPeople } from './change-mark.ts'
import type { IdentityParts } from './parts.ts'
import type { Actor } from './standing.ts'

/** Addresses kept out or let in. */
export function addressRuleRoutes(parts: IdentityParts): void {
  const { db, router } = parts
  router.handle(admin.listAddressRules, async ({ query }) => {
    const { items, next } = await listAddressRules(db, query, parts.now())
    return { items: items.map(presentRule), next }
  })
  router.handle(admin.addAddressRule, ({ body }, call) =>
    addRule(parts, { actor: call.me, address: call.address }, body),
  )
  router.handle(admin.removeAddressRule, ({ params }, call) =>
    removeRule(parts, { actor: call.me, address: call.address }, params.id),
  )
}

/** Who changes the rules, and from where; null for the CLI. */
interface By {
  actor: Actor
  address: string | null
}

/** Adds a rule, or changes the one for the same network; never one that keeps the caller or the machine itself out. */
export async function addRule(
  parts: IdentityParts,
  by: By,
  wish: { network: string; kind: 'deny' | 'allow'; reason: string; minutes: number | null },
): Promise<admin.AddressRule> {
  const { db, now } = parts
  const { kind, reason, minutes } = wish
  const network = normalNetwork(wish.network)
  if (network === null) throw badNetwork('Write an address or network, as 192.0.2.7 or 2001:db8::/32.')
  if (kind === 'deny' && hitsLoopback(network))
    throw badNetwork('This would keep the machine itself out; take a smaller network.')
  const untilAt = minutes === null ? null : isoTime(new Date(now().getTime() + minutes * 60_000))
  const rules = await validRules(db, now())
  refuseLockOut(parts, by, [...rules, { id: '', network, kind, untilAt }])
  let row: AddressRuleRow | undefined
  await db.tx(async (tx) => {
    row = await putAddressRule(tx, { network, kind, reason, untilAt }, now())
    const action = kind === 'deny' ? 'address.banned' : 'address.allowed'
    await parts.audit.record(tx, { action, actor: by.actor, subject: network, detail: { reason, untilAt } })
    await markChangeOfPeople(tx)
  })
  await apply(parts)
  return presentRule(row as AddressRuleRow)
}

export async function removeRule(parts: IdentityParts, by: By, id: string): Promise<void> {
  const { db, now } = parts
  const row = await findAddressRule(db, id)
  if (!row) throw problem(notFound, 'There is no such rule.')
  const left = (await validRules(db, now())).filter((rule) => rule.id !== id)
  refuseLockOut(parts, by, left)
  await db.tx(async (tx) => {
    await removeAddressRule(tx, id)
    const { network, kind } = row
    const action = 'address.rule-removed'
    await parts.audit.record(tx, { action, actor: by.actor, subject: network, detail: { kind } })
    await markChangeOfPeople(tx)
  })
  await apply(parts)
}

/** The rules hold at once, for open sockets too. */
async function apply({ addressRules, db, recheckSockets }: IdentityParts): Promise<void> {
  await addressRules.reload(db)
  recheckSockets()
}

type Judged = Parameters<typeof wouldAdmit>[0]

function refuseLockOut({ now }: IdentityParts, { address }: By, rules: Judged): void {
  if (address !== null && !wouldAdmit(rules, address, now()))
    throw badNetwork(`This would keep you out: you come from ${address}.`)
}

function hitsLoopback(network: string): boolean {
  const list = networkOf(network)
  const isInside = /^(?:127\.|::1$)/.test(network)
  return isInside || list?.check('127.0.0.1') === true || list?.check('::1', 'ipv6') === true
}

const badNetwork = (message: string) =>
  problem(invalidInput, message, { errors: [{ pointer: '/network', message }] })

export const presentRule = ({
  id,
  network,
  kind,
  reason,
  untilAt,
  createdAt,
}: AddressRuleRow): admin.AddressRule => ({ id, network, kind, reason, until: untilAt, createdAt })
