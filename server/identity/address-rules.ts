import { BlockList, isIP } from 'node:net'
import type { Db } from '../db/index.ts'
import { isoTime } from '../sdk/index.ts'

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
  /** Reads the rules again, after a change here or in another process. */
  reload(db: Db): Promise<void>
}

interface Held {
  list: BlockList
  until: number
  isAllow: boolean
}

export function createAddressRules(now: () => Date): AddressRules {
  let held: Held[] = []
  return {
    admits: (address) => {
      if (held.length === 0) return true
      const time = now().getTime()
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
      const hits = held.filter(({ list, until }) => until > time && list.check(address, family))
      return hits.length === 0 || hits.some(({ isAllow }) => isAllow)
    },
    reload: async (db) => {
      const rows: AddressRuleRow[] = await db<AddressRuleRow>('address_rules').where((either) =>
        either.whereNull('until_at').orWhere('until_at', '>', isoTime(now())),
      )
      held = rows.flatMap(({ network, untilAt, kind }) => {
        const list = networkOf(network)
        if (!list) return []
        return [
          {
            list,
            until: untilAt ? Date.parse(untilAt) : Number.POSITIVE_INFINITY,
            isAllow: kind === 'allow',
          },
        ]
      })
    },
  }
}

/** `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`; null for anything else. */
export function networkOf(text: string): BlockList | null {
  const [address = '', bits, ...rest] = text.split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return null
  const family = version === 6 ? 'ipv6' : 'ipv4'
  const most = version === 6 ? 128 : 32
  if (bits !== undefined && (!/^\d{1,3}$/.test(bits) || Number(bits) > most)) return null
  const list = new BlockList()
  if (bits === undefined) list.addAddress(address, family)
  else list.addSubnet(address, Number(bits), family)
  return list
}
