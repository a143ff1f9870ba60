import { moneyText } from '#contract'
import { type Call, type Db, isoTime, problem } from '#sdk'
import {
  closed,
  keyNeeded,
  keyReused,
  type Payment,
  type PaymentWish,
  providerFailed,
  wrongAmount,
  wrongCurrency,
} from './contract.ts'
import { type Desk, presentProvider, providerNamed, termsOf } from './desk.ts'
import { findByKey, insertPayment, type PaymentRow } from './payments.ts'

/** The Idempotency-Key of a request, with or without the quotes of RFC 9651. */
export function keyOf(call: Call): string {
  const key = /^("?)([\w-]{1,64})\1$/.exec(call.header('idempotency-key')?.trim() ?? '')?.[2]
  if (key === undefined) throw problem(keyNeeded)
  return key
}

/** See PaymentsApi.begin. */
export async function begin(
  desk: Desk,
  db: Db,
  wish: PaymentWish,
): Promise<{ payment: Payment; isNew: boolean }> {
  // What was begun stays begun, whatever the settings say now.
  const before = await findByKey(db, wish.payerId, wish.key)
  if (before) return { payment: same(before, wish), isNew: false }
  const provider = presentProvider(desk)
  if (!provider) throw problem(closed)
  const { currency } = checkAmount(desk, wish)
  const made = await insertPayment(db, {
    purpose: wish.purpose,
    subjectId: wish.subjectId,
    title: wish.title.slice(0, 200),
    payerId: wish.payerId,
    idempotencyKey: wish.key,
    amountMinor: wish.amountMinor,
    currency,
    provider: provider.name,
    isTest: provider.isTest,
    back: checkedBack(desk, wish.back),
    expiresAt: isoTime(new Date(Date.now() + desk.ctx.settings.get().payWithinMinutes * 60_000)),
  })
  if (made) return { payment: made, isNew: true }
  const other = await findByKey(db, wish.payerId, wish.key)
  if (!other) throw problem(closed)
  return { payment: same(other, wish), isNew: false }
}

function same(row: PaymentRow, { purpose, amountMinor, currency }: PaymentWish): PaymentRow {
  const isSame = row.purpose === purpose && row.amountMinor === amountMinor
  if (!isSame || (currency !== undefined && row.currency !== currency)) throw problem(keyReused)
  return row
}

function checkAmount(desk: Desk, { amountMinor, currency: wanted }: PaymentWish): { currency: string } {
  const { currency, minAmountMinor, maxAmountMinor } = termsOf(desk)
  const text = (minor: number) => moneyText({ amountMinor: minor, currency }, 'en')
  if (wanted !== undefined && wanted !== currency) {
    const message = `Payments here are in ${currency}.`
    throw problem(wrongCurrency, message, { errors: [{ pointer: '/currency', message }] })
  }
  if (!Number.isSafeInteger(amountMinor) || amountMinor < minAmountMinor || amountMinor > maxAmountMinor) {
    const message = `Give an amount from ${text(minAmountMinor)} to ${text(maxAmountMinor)}.`
    throw problem(wrongAmount, message, { errors: [{ pointer: '/amountMinor', message }] })
  }
  return { currency }
}

/** The way back leads into this site and nowhere else. */
function checkedBack({ ctx }: Desk, back: string): string {
  const url = URL.parse(back, ctx.site.url)
  const isOurs = /^\/(?![/\\])[\x21-\x7e]{0,299}$/.test(back) && url?.origin === new URL(ctx.site.url).origin
  if (!isOurs) throw new Error(`A payment cannot lead back to "${back}".`)
  return back
}

/** See PaymentsApi.checkout. */
export async function checkout(desk: Desk, payment: Payment): Promise<{ url: string } | null> {
  if (payment.status !== 'created' && payment.status !== 'failed') return null
  const provider = providerNamed(desk, payment.provider)
  if (!provider) throw problem(closed)
  try {
    return await provider.checkout(payment, new URL(payment.back, desk.ctx.site.url).href)
  } catch (error) {
    desk.ctx.log.warn({ err: error, paymentId: payment.id, provider: provider.name }, 'a checkout failed')
    throw problem(providerFailed)
  }
}
