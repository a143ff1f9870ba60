import { suite, type Test } from 'uvu'
import { definePlugin, newId, type PluginContext, ProblemError } from '#sdk'
import { type TestAccount, type TestApp, testApp } from '../../../test/kit/app.ts'
import {
  expired,
  type Payment,
  type PaymentsApi,
  type PaymentWish,
  type Provider,
  type ProviderNews,
  paid,
  partlyRefunded,
  refunded,
  payments as token,
} from '../contract.ts'
import payments from '../index.ts'
import { PaymentSettings } from '../settings.ts'

/** The plugin in a real kernel with a shop beside it: its API, and what the shop heard. */
export interface Shop {
  app: TestApp
  api: PaymentsApi
  /** `paid`, `expired` and `refunded <subjectId>`, `part <subjectId> <amount>`, as subscribers hear them in time. */
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
      ctx.events.on(expired, 'note-late', async ({ subjectId }) => void told.push(`expired ${subjectId}`))
      ctx.events.on(
        partlyRefunded,
        'note-part',
        async ({ subjectId, amountMinor }) => void told.push(`part ${subjectId} ${amountMinor}`),
      )
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

/** A provider that believes every news and notes what it sends back, by the refund's id. */
export function bank(sent: Map<string, number>): Provider {
  return {
    name: 'bank',
    isTest: false,
    checkout: async ({ id }) => ({ url: `https://bank.test/${id}` }),
    refund: async ({ id, amountMinor }) => void sent.set(id, amountMinor),
    readCallback: (raw) => JSON.parse(Buffer.from(raw).toString()) as ProviderNews,
  }
}

/** Sends what the bank says of a payment. */
export function tellBank(
  { post }: Pick<PaymentTests, 'post'>,
  { id: paymentId, amountMinor, currency }: Payment,
  news: Partial<ProviderNews> & Pick<ProviderNews, 'kind'>,
): Promise<{ status: number; problem: string }> {
  return post(
    JSON.stringify({ eventId: newId(), paymentId, amountMinor, currency, ...news }),
    undefined,
    'bank',
  )
}

/** As if the time to pay were over. */
export async function makeDue({ app }: Pick<Shop, 'app'>, ids: readonly string[]): Promise<void> {
  const expiresAt = '2020-01-01T00:00:00.000Z'
  await app.site.database.db('payments_payments').whereIn('id', ids).update({ expiresAt })
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
