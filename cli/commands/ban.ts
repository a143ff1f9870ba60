import { z } from '#contract'
import { VezaError } from '../../server/errors.ts'
import { addRule, presentRule, removeRule } from '../../server/identity/address-rule-routes.ts'
import { normalNetwork, validRules } from '../../server/identity/address-rules.ts'
import type { CommandRun } from '../command.ts'
import { readFlag } from '../flags.ts'
import { withIdentity } from '../identity.ts'
import { print, table } from '../output.ts'
import { readMinutes } from './user-state.ts'

/** Who runs the machine sits at no address. */
const by = { actor: null, address: null }

/** `veza ban list` */
export const list: CommandRun = async (options) => {
  const items = await withIdentity(options, async ({ db, now }) =>
    (await validRules(db, now())).map(presentRule),
  )
  const rows = items.map(({ network, kind, until, reason, id }) => [
    network,
    kind === 'deny' ? 'kept out' : 'let in',
    until ?? 'no end',
    reason,
    id,
  ])
  print(
    options,
    { items },
    rows.length === 0 ? 'There are no rules.' : table(['NETWORK', '', 'UNTIL', 'REASON', 'ID'], rows),
  )
}

const adding =
  (kind: 'deny' | 'allow'): CommandRun =>
  async (options, [network = '']) => {
    const wish = {
      network,
      kind,
      reason: readFlag(z.string().trim().max(300), options.reason ?? '', '--reason'),
      minutes: readMinutes(options.minutes),
    }
    const rule = await withIdentity(options, (parts) => addRule(parts, by, wish))
    const time = rule.until ? ` until ${rule.until}` : ''
    print(options, rule, `${rule.network} is ${kind === 'deny' ? 'kept out' : 'let in'}${time}.`)
  }

/** `veza ban add NETWORK --reason R --minutes N` */
export const add = adding('deny')
/** `veza ban allow NETWORK` */
export const allow = adding('allow')

/** `veza ban remove NETWORK`: by network or id, of either kind. */
export const remove: CommandRun = async (options, [wanted = '']) => {
  const removed = await withIdentity(options, async (parts) => {
    const network = normalNetwork(wanted)
    const rules = await validRules(parts.db, parts.now())
    const found = rules.filter((rule) => rule.id === wanted || rule.network === network)
    if (found.length === 0)
      throw new VezaError(`There is no rule for "${wanted}".`, '`veza ban list` shows all rules.')
    for (const rule of found) await removeRule(parts, by, rule.id)
    return found
  })
  const networks = [...new Set(removed.map(({ network }) => network))]
  print(options, { removed: removed.map(presentRule) }, `Removed the rule for ${networks.join(', ')}.`)
}
