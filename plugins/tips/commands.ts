import { decimalOf, notFound, Slug, z } from '#contract'
import { defineCommand, problem } from '#sdk'
import type { Ctx, TipSettings } from './settings.ts'
import { leftOf, listTips, type TipRow } from './tips.ts'

interface Told
  extends Pick<
    TipRow,
    'id' | 'amountMinor' | 'refundedMinor' | 'currency' | 'message' | 'isSuperchat' | 'status'
  > {
  channel: string
  from: string | null
  paymentId: string
  paidAt: string | null
}

const list = defineCommand<
  { channel?: string | undefined; limit: number },
  { items: Told[] },
  TipSettings,
  Ctx['needs']
>({
  name: 'tip list',
  summary: 'The newest tips that were paid, or paid back',
  options: [
    ['--channel <slug>', 'Only those of this channel'],
    ['--limit <number>', 'How many; 50 unless said'],
  ],
  input: z.strictObject({
    channel: Slug.optional(),
    limit: z.coerce.number().int().min(1).max(1000).default(50),
  }),
  run: async ({ channel: slug, limit }, { db, needs, accounts }) => {
    const only = slug === undefined ? null : await needs.live.channelBySlug(slug)
    if (slug !== undefined && !only) throw problem(notFound, `There is no channel "${slug}".`)
    const { items } = await listTips(db, {
      channelId: only?.id ?? null,
      statuses: ['paid', 'refunded'],
      limit,
    })
    const channels = await needs.live.channelsByIds(items.map(({ channelId }) => channelId))
    const people = await accounts.byIds(items.flatMap(({ giverId }) => giverId ?? []))
    return {
      items: items.map(({ id, channelId, giverId, paymentId, amountMinor, currency, ...row }) => ({
        id,
        channel: channels.get(channelId)?.slug ?? '',
        from: (giverId && people.get(giverId)?.username) || null,
        paymentId,
        amountMinor,
        refundedMinor: row.refundedMinor,
        currency,
        message: row.message,
        isSuperchat: row.isSuperchat,
        status: row.status,
        paidAt: row.paidAt,
      })),
    }
  },
  text: ({ items }) => {
    if (items.length === 0) return 'There are no tips yet.'
    const lines = items.map((tip) => {
      const amount = `${decimalOf({ ...tip, amountMinor: leftOf(tip) })} ${tip.currency}`.padStart(14)
      const kind = tip.status === 'refunded' ? 'paid back' : tip.isSuperchat ? 'superchat' : 'tip'
      const words = tip.message === null ? '' : `  ${JSON.stringify(tip.message)}`
      return `${tip.paidAt ?? ''}  ${tip.channel.padEnd(16)}  ${amount}  ${kind.padEnd(9)}  ${tip.from ?? '-'}${words}`
    })
    return lines.join('\n')
  },
})

export const commands = [list]
