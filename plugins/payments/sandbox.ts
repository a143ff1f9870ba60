import { AmountMinor, Currency, Id, malformed, Time, z } from '#contract'
import { isoTime, newId, type PluginContext, problem } from '#sdk'
import { badSignature, type Payment, type Provider } from './contract.ts'

export const sandboxName = 'sandbox'
/** `t=<seconds since 1970>,v1=<signature of "t.body">`, as providers' webhooks have it. */
export const signatureHeader = 'veza-signature'
const purpose = 'payments.sandbox'
/** A callback older or newer than this is refused, so that a copy is worth nothing for long. */
const toleranceS = 300

/** Body of a sandbox callback. */
const Body = z.strictObject({
  id: Id,
  type: z.enum(['payment.paid', 'payment.failed']),
  paymentId: Id,
  amountMinor: AmountMinor,
  currency: Currency,
  createdAt: Time,
})
type Signer = PluginContext['signer']

/** Pays with nothing: a page of this site asks what is to come of the payment, then calls back as a real one would. */
export function createSandbox(signer: Signer): Provider {
  return {
    name: sandboxName,
    isTest: true,
    checkout: async ({ id }) => ({ url: `/pay/${id}` }),
    refund: async () => {},
    readCallback: (raw, header) => {
      const text = Buffer.from(raw).toString('utf8')
      if (!isSigned(signer, text, header(signatureHeader) ?? '')) throw problem(badSignature)
      const { id, type, paymentId, amountMinor, currency } = parsed(text)
      const kind = type === 'payment.paid' ? 'paid' : 'failed'
      return { eventId: id, kind, paymentId, amountMinor, currency }
    },
  }
}

/** The callback that tells of this outcome, as it would come over the line. */
export function testCallback(
  signer: Signer,
  payment: Payment,
  outcome: 'paid' | 'failed',
): { body: string; signature: string } {
  const body = JSON.stringify({
    id: newId(),
    type: `payment.${outcome}`,
    paymentId: payment.id,
    amountMinor: payment.amountMinor,
    currency: payment.currency,
    createdAt: isoTime(),
  })
  return { body, signature: sign(signer, body, Math.floor(Date.now() / 1000)) }
}

export function sign(signer: Signer, body: string, seconds: number): string {
  return `t=${seconds},v1=${signer.sign(purpose, `${seconds}.${body}`)}`
}

function isSigned(signer: Signer, body: string, header: string): boolean {
  const [, seconds = '', signature = ''] = /^t=(\d{1,12}),v1=([\w-]+)$/.exec(header) ?? []
  if (!signer.verify(purpose, `${seconds}.${body}`, signature)) return false
  return Math.abs(Date.now() / 1000 - Number(seconds)) <= toleranceS
}

function parsed(text: string): z.infer<typeof Body> {
  const result = Body.safeParse(jsonOf(text))
  if (!result.success) throw problem(malformed, 'The callback is not one of the sandbox.')
  return result.data
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
