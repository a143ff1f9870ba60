import type { Account } from '#sdk'
import type { Tip } from './contract.ts'
import type { Ctx } from './settings.ts'
import { leftOf, type TipRow } from './tips.ts'

/** Who looks: hosts see all of it, givers their own, others what is meant for them. */
export interface Viewer {
  account: Account | null
  isHost: boolean
  /** May take a message away without being host. */
  isModerator?: boolean
}
export const visitor: Viewer = { account: null, isHost: false }

/** `statuses` of those that wait for their payment, as the payment has it. */
export async function presentTips(
  ctx: Ctx,
  rows: readonly TipRow[],
  viewer: Viewer,
  statuses: ReadonlyMap<string, Tip['status']> = new Map(),
): Promise<Tip[]> {
  const people = await ctx.accounts.byIds([...new Set(rows.flatMap(({ giverId }) => giverId ?? []))])
  const { showAmounts } = ctx.settings.get()
  return rows.map((row) => {
    const isOwn = viewer.account !== null && row.giverId === viewer.account.id
    const isTold = viewer.isHost || isOwn
    const person = row.giverId === null ? undefined : people.get(row.giverId)
    const isPublicText = row.isMessageShown && !row.isSuperchat
    return {
      id: row.id,
      from: person && (isTold || row.isNameShown) ? nameOf(person) : null,
      amountMinor: isTold || showAmounts ? leftOf(row) : null,
      currency: row.currency,
      message: viewer.isHost || isPublicText ? row.message : null,
      isSuperchat: row.isSuperchat,
      status: statuses.get(row.id) ?? row.status,
      streamId: row.streamId,
      createdAt: row.createdAt,
      paidAt: row.paidAt,
      can: {
        refund: viewer.isHost && row.status === 'paid',
        hideMessage: (viewer.isHost || viewer.isModerator === true) && isPublicText && row.message !== null,
      },
    }
  })
}

const nameOf = ({ id, username, displayName }: { id: string; username: string; displayName: string }) => ({
  id,
  username,
  displayName,
})

export async function presentTip(
  ctx: Ctx,
  row: TipRow,
  viewer: Viewer,
  status?: Tip['status'],
): Promise<Tip> {
  const statuses = new Map(status ? [[row.id, status]] : [])
  const [tip] = await presentTips(ctx, [row], viewer, statuses)
  return tip!
}
