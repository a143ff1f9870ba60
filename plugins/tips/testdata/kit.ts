import { suite, type Test } from 'uvu'
import { newId } from '#sdk'
import { type TestAccount, type TestApp, testApp } from '../../../test/kit/app.ts'
import chat from '../../chat/index.ts'
import { createChannel } from '../../live/contract.ts'
import live from '../../live/index.ts'
import { insertKey } from '../../live/stream-keys.ts'
import { insertStream, markLive } from '../../live/streams.ts'
import { type BookPage, decideTestPayment } from '../../payments/contract.ts'
import payments from '../../payments/index.ts'
import { PaymentSettings } from '../../payments/settings.ts'
import * as contract from '../contract.ts'
import tips from '../index.ts'
import { TipSettings } from '../settings.ts'

export type Wish = Partial<{
  amountMinor: unknown
  currency: unknown
  message: unknown
  isSuperchat: unknown
  showName: unknown
}>
/** What a tip was answered with. */
export interface Given {
  status: number
  problem: string | null
  body: contract.TipToPay
  errors: { pointer: string; message: string }[]
}

/** The real plugins on a fresh database, with a channel of a DJ's. */
export interface Booth {
  app: TestApp
  dj: TestAccount
  slug: string
  /** Where it is given now; changed by `newChannel`. */
  place: { slug: string; channelId: string }
  ctx: unknown
  /** Tips with a key of its own, or that one. */
  give(account: TestAccount | null, wish: Wish, key?: string | null, slug?: string): Promise<Given>
  /** Presses the button of the test payment, and waits for what comes of it. */
  pay(account: TestAccount, given: Given, outcome?: 'paid' | 'failed'): Promise<void>
  /** `give`, then `pay`; answers the tip's id. */
  tip(account: TestAccount, wish?: Wish): Promise<string>
  /** As the label does it in its books, and what comes of it; answers the payment's page there. */
  payBack(tipId: string, amountMinor: number): Promise<BookPage>
  list(account?: TestAccount): Promise<contract.TipList>
  goOnAir(): Promise<string>
  set(plugin: 'tips' | 'payments', change: Record<string, unknown>): Promise<void>
}

export async function booth(kind: 'sqlite' | 'postgres'): Promise<Booth> {
  const caught: { ctx?: unknown } = {}
  const spied = {
    ...tips,
    setup: (ctx: Parameters<typeof tips.setup>[0]) => {
      caught.ctx = ctx
      return tips.setup(ctx)
    },
  }
  const app = await testApp({ plugins: [live, chat, payments, spied], kind })
  const dj = await app.addAccount({ roles: ['artist'] })
  const { db } = app.site.database
  const set: Booth['set'] = async (plugin, change) => {
    const schema = plugin === 'tips' ? TipSettings : PaymentSettings
    await db.tx((db) => app.site.settings.updatePlugin(db, plugin, schema as never, change))
  }
  await set('payments', { sandbox: true })
  const made: Booth = {
    ...{ app, dj, slug: '', ctx: caught.ctx, set },
    place: { slug: '', channelId: '' },
    give: (account, wish, key = newId(), slug = made.place.slug) => give(app, { account, wish, key, slug }),
    pay: async (account, { body }, outcome = 'paid') => {
      const id = body.checkout?.url.split('/').at(-1) ?? ''
      await app.as(account).call(decideTestPayment, { params: { id }, body: { outcome } })
      await app.jobs.drain()
    },
    tip: async (account, wish = {}) => {
      const given = await made.give(account, { amountMinor: 500, ...wish })
      await made.pay(account, given)
      return given.body.tip.id
    },
    payBack: async (tipId, amountMinor) => {
      const { paymentId } = await db('tips_tips').where({ id: tipId }).first()
      const admin = await app.addAccount({ roles: ['admin'] })
      const answer = await app.request(`/api/v1/payments/books/${paymentId}/refund`, {
        method: 'POST',
        headers: { cookie: admin.cookie, 'content-type': 'application/json', 'idempotency-key': newId() },
        body: JSON.stringify({ amountMinor, reason: 'Too much' }),
      })
      await app.jobs.drain()
      return (await answer.json()) as BookPage
    },
    list: async (account) => {
      const client = account ? app.as(account) : app
      return (await client.call(contract.listTips, { params: { slug: made.place.slug } })).body
    },
    goOnAir: async () => {
      const { row } = await insertKey(db, made.place.channelId)
      const { id } = await insertStream(db, {
        channelId: made.place.channelId,
        keyId: row.id,
        title: 'On air',
      })
      await markLive(db, id, { hasVideo: true, hasAudio: true, startedAt: null })
      return id
    },
  }
  return made
}

let channels = 0
/** Another channel of the DJ's, with no tips yet. */
export async function newChannel(context: Booth): Promise<void> {
  const body = { slug: `booth-${++channels}`, title: 'The booth', description: '' }
  const made = await context.app.as(context.dj).call(createChannel, { body: body as never })
  context.slug = body.slug
  Object.assign(context.place, { slug: body.slug, channelId: made.body.id })
}

async function give(
  app: TestApp,
  { account, wish, key, slug }: { account: TestAccount | null; wish: Wish; key: string | null; slug: string },
): Promise<Given> {
  const response = await app.request(`/api/v1/live/channels/${slug}/tips`, {
    method: 'POST',
    headers: {
      ...(account ? { authorization: `Bearer ${account.accessToken}` } : {}),
      ...(key === null ? {} : { 'idempotency-key': key }),
      'content-type': 'application/json',
    },
    body: JSON.stringify(wish),
  })
  const body = (await response.json()) as contract.TipToPay & { type?: string; errors?: Given['errors'] }
  const problem = body.type?.replace('urn:veza:problem:', '') ?? null
  return { status: response.status, problem, body, errors: body.errors ?? [] }
}

export type TipTests = Booth & { ana: TestAccount; ben: TestAccount }

/** A suite on that kind of database, with a channel and two people of its own for each test. */
export function tipSuite(title: string, kind: 'sqlite' | 'postgres'): Test<TipTests> {
  const test = suite<TipTests>(`${title} on ${kind}`)
  test.before(async (context) => {
    Object.assign(context, await booth(kind))
  })
  test.before.each(async (context) => {
    await newChannel(context)
    context.ana = await context.app.addAccount()
    context.ben = await context.app.addAccount()
  })
  test.after(({ app }) => app.close())
  return test
}
