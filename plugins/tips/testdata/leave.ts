import { newId } from '#sdk'
import type { TestAccount, TestApp } from '../../../test/kit/app.ts'
import { decideTestPayment } from '../../payments/contract.ts'
import { PaymentSettings } from '../../payments/settings.ts'
import type { TipToPay } from '../contract.ts'

/** Lets test payments be made, as a new appliance does not. */
export async function openSandbox({ site }: Pick<TestApp, 'site'>): Promise<void> {
  const change = { sandbox: true }
  await site.database.db.tx((db) => site.settings.updatePlugin(db, 'payments', PaymentSettings, change))
}

/** A tip of five on that channel by that account; its payment waits, or is made. */
export async function leaveTip(
  app: TestApp,
  from: TestAccount,
  { slug, message = '', isPaid = true }: { slug: string; message?: string; isPaid?: boolean },
): Promise<{ tipId: string; paymentId: string }> {
  const response = await app.request(`/api/v1/live/channels/${slug}/tips`, {
    method: 'POST',
    headers: { cookie: from.cookie, 'content-type': 'application/json', 'idempotency-key': newId() },
    body: JSON.stringify({ amountMinor: 500, message }),
  })
  const { tip, checkout } = (await response.json()) as TipToPay
  const paymentId = checkout?.url.split('/').at(-1) ?? ''
  const paid = { params: { id: paymentId }, body: { outcome: 'paid' as const } }
  if (isPaid) await app.as(from).call(decideTestPayment, paid)
  return { tipId: tip.id, paymentId }
}
