import type { Account } from '#sdk'
import type { TipTerms } from './contract.ts'
import type { Ctx } from './settings.ts'

/** What may be given on the channel now, by this account. */
export async function termsFor(
  ctx: Ctx,
  channel: { slug: string },
  { account, streamId }: { account: Account | null; streamId: string | null },
): Promise<TipTerms> {
  const { presetsMinor, messageLength, tiers } = ctx.settings.get()
  const terms = ctx.needs.payments.terms()
  const fits = (amount: number) => amount >= terms.minAmountMinor && amount <= terms.maxAmountMinor
  return {
    ...terms,
    presetsMinor: presetsMinor.filter(fits),
    messageLength,
    tiers: tiers.filter(({ fromMinor }) => fromMinor <= terms.maxAmountMinor),
    superchat: await superchatFor(ctx, channel.slug, { account, streamId }),
  }
}

async function superchatFor(
  { needs }: Ctx,
  slug: string,
  { account, streamId }: { account: Account | null; streamId: string | null },
): Promise<TipTerms['superchat']> {
  if (!needs.chat) return 'no-chat'
  if (streamId === null) return 'off-air'
  const why = account && (await needs.chat.cannotShow(account.id, slug))
  return why === 'no-room' ? 'no-chat' : (why ?? 'open')
}
