import { suite, type Test } from 'uvu'
import { definePlugin, newId, type PluginContext, ProblemError } from '#sdk'
import { type TestAccount, type TestApp, testApp } from '../../../test/kit/app.ts'
import {
  type Payment,
  type PaymentsApi,
  type PaymentWish,
  paid,
  refunded,
  payments as token,
} from '../contract.ts'
import payments from '../index.ts'
import { PaymentSettings } from '../settings.ts'

/** The plugin in a real kernel with a shop beside it: its API, and what the shop heard. */
export interface Shop {
  app: TestApp
  api: PaymentsApi
  /** `paid <subjectId>` and `refunded <subjectId>`, as a subscriber hears them once jobs are drained. */
  told: string[]
  signer: PluginContext['signer']
  events: PluginContext['events']
  /** Of the plugin itself, as its commands get it. */
  ctx: unknown
}

export async function shop(kind: 'sqlite' | 'postgres'): Promise<Shop> {
  const caught: { ctx?: PluginContext<unknown, { payments: PaymentsApi }>; own?: unknown } = {}
  const told: string[] = []
  const spied = {
    ...payments,
    setup: (ctx: Parameters<typeof payments.setup>[0]) => {
      caught.own = ctx
      return payments.setup(ctx)
    },
  }
  const witness = definePlugin({
    name: 'shop',
    version: '1.0.0',
    title: 'Shop',
    needs: { payments: token },
    setup: (ctx) => {
      caught.ctx = ctx as unknown as NonNullable<typeof caught.ctx>
      ctx.events.on(paid, 'note-paid', async ({ subjectId }) => void told.push(`paid ${subjectId}`))
      ctx.events.on(refunded, 'note-back', async ({ subjectId }) => void told.push(`refunded ${subjectId}`))
    },
  })
  const app = await testApp({ plugins: [spied, witness], kind })
  await changeSettings(app, { sandbox: true })
  if (!caught.ctx) throw new Error('The shop was not set up.')
  const { needs, signer, events } = caught.ctx
  return { app, api: needs.payments, told, signer, events, ctx: caught.own }
}

export async function changeSettings(app: TestApp, change: Record<string, unknown>): Promise<void> {
  const { db } = app.site.database
  await db.tx((db) => app.site.settings.updatePlugin(db, 'payments', PaymentSettings, change))
}

/** Something for five euros. */
export const wishOf = (payer: TestAccount, more: Partial<PaymentWish> = {}): PaymentWish => ({
  purpose: 'shop.order',
  subjectId: newId(),
  title: 'A record',
  payerId: payer.id,
  key: newId(),
  amountMinor: 500,
  back: '/shop',
  ...more,
})

/** What the tests of payments work with. */
export interface PaymentTests extends Shop {
  ana: TestAccount
  /** Begins a payment of Ana's. */
  begin(more?: Partial<PaymentWish>): Promise<Payment>
  /** Sends a callback as the sandbox would. */
  post(body: string, signature?: string, provider?: string): Promise<{ status: number; problem: string }>
}

/** A suite on that kind of database, with somebody new who pays for each test. */
export function paymentSuite(title: string, kind: 'sqlite' | 'postgres'): Test<PaymentTests> {
  const test = suite<PaymentTests>(`${title} on ${kind}`)
  test.before(async (context) => {
    Object.assign(context, await shop(kind))
    const { app, api } = context
    context.begin = async (more) =>
      (await app.site.database.db.tx((db) => api.begin(db, wishOf(context.ana, more)))).payment
    context.post = (body, signature, provider = 'sandbox') => post(app, provider, { body, signature })
  })
  test.before.each(async (context) => {
    context.ana = await context.app.addAccount()
    await context.app.jobs.drain()
    context.told.length = 0
  })
  test.after(({ app }) => app.close())
  return test
}

async function post(
  app: TestApp,
  provider: string,
  { body, signature }: { body: string; signature: string | undefined },
) {
  const response = await app.request(`/api/v1/payments/callbacks/${provider}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(signature ? { 'veza-signature': signature } : {}) },
    body,
  })
  const text = await response.text()
  return { status: response.status, problem: /problem:([\w.-]+)/.exec(text)?.[1] ?? '' }
}

/** The name of what was refused; the error itself where it was none of ours. */
export async function nameOfRefusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  return error instanceof ProblemError ? error.problem.name : String(error)
}
