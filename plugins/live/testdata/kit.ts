import { setTimeout as delay } from 'node:timers/promises'
import { definePlugin } from '#sdk'
import { type TestApp, type TestAppOptions, testApp } from '../../../test/kit/app.ts'
import { Rights } from '../access/rights.ts'
import { type Channel, insertChannel } from '../channels.ts'
import * as contract from '../contract.ts'
import { cookieNameOf, type Desk } from '../desk.ts'
import { Director, type Line } from '../director.ts'
import { HealthDesk } from '../health-desk.ts'
import live from '../index.ts'
import type { PublishAnswer } from '../ingest-link.ts'
import type { FromIngest, ToIngest } from '../media/types.ts'
import { PlaybackTokens } from '../playback-token.ts'
import { type LiveContext, LiveSettings } from '../settings.ts'
import { shownOf } from '../shown.ts'
import { insertKey, type StreamKeyRow } from '../stream-keys.ts'
import { Viewers } from '../viewers.ts'

/** The real plugin in a real kernel, with its context and the events it told. */
export interface LiveApp {
  app: TestApp
  ctx: LiveContext
  /** `started <streamId>` and `ended <streamId>`, as a subscriber hears them once jobs are drained. */
  told: string[]
}

export async function liveApp(options: TestAppOptions = {}): Promise<LiveApp> {
  const caught: { ctx?: LiveContext } = {}
  const told: string[] = []
  const spied = {
    ...live,
    setup: (ctx: Parameters<typeof live.setup>[0]) => {
      caught.ctx ??= ctx as unknown as LiveContext
      return live.setup(ctx)
    },
  }
  const witness = definePlugin({
    name: 'witness',
    version: '1.0.0',
    title: 'Witness',
    setup: (ctx) => {
      ctx.events.on(
        contract.streamStarted,
        'note',
        async ({ streamId }) => void told.push(`started ${streamId}`),
      )
      ctx.events.on(contract.streamEnded, 'note', async ({ streamId }) => void told.push(`ended ${streamId}`))
    },
  })
  const app = await testApp({ ...options, plugins: [spied, witness] })
  if (!caught.ctx) throw new Error('The plugin was not set up.')
  return { app, ctx: caught.ctx, told }
}

/** Plays the ingest: remembers what it is told and says what the test wants. */
export class FakeIngest implements Line {
  readonly sent: ToIngest[] = []
  readonly director: Director
  readonly desk: Desk
  readonly counted: string[] = []

  constructor(ctx: LiveContext) {
    const viewers = new Viewers(() => undefined)
    const desk: Desk = {
      ctx,
      viewers,
      shown: shownOf(ctx),
      tokens: new PlaybackTokens(ctx.signer, cookieNameOf(ctx)),
      rights: new Rights(ctx.db, ctx.log),
      health: new HealthDesk(ctx, viewers, async () => null),
      link: null,
      simulcast: null,
      look: () => undefined,
      forget: () => undefined,
      forgetViewer: () => undefined,
    }
    this.desk = desk
    this.director = new Director({ desk, line: this, count: (result) => this.counted.push(result) })
  }

  send(message: ToIngest): void {
    this.sent.push(message)
  }
  own(): void {}
  disown(): void {}

  publish(key: string, query: Record<string, string> = {}): Promise<PublishAnswer> {
    return this.director.answer({
      type: 'publish-request',
      requestId: 1,
      host: 'main.test',
      app: 'live',
      key,
      query,
      address: '192.0.2.7',
      encoder: 'test',
    })
  }

  /** Resolves when the director dealt with it. */
  async say(news: Extract<FromIngest, { streamId: string }>): Promise<void> {
    this.director.hear(news)
    await this.director.settled()
  }

  playing(streamId: string): Promise<void> {
    return this.say({ type: 'playing', streamId, hasVideo: true, hasAudio: true, resumed: false })
  }

  async gone(streamId: string, cause: 'dropped' | 'unpublished'): Promise<void> {
    await this.say({ type: 'publisher-gone', streamId, cause })
  }

  async ended(streamId: string, durationMs = 60_000): Promise<void> {
    const recording = { durationMs, sizeBytes: durationMs * 300, segments: durationMs / 2_000 }
    const reason = this.endOf(streamId)?.reason ?? 'grace-over'
    await this.say({ type: 'ended', streamId, reason, recording })
  }

  /** The last order to end that stream. */
  endOf(streamId: string): Extract<ToIngest, { type: 'end' }> | undefined {
    return this.sent.filter((message) => message.type === 'end').findLast((end) => end.streamId === streamId)
  }
}

export async function channelWithKey(
  { db }: LiveContext,
  slug: string,
  ownerId: string | null = null,
): Promise<{ channel: Channel; key: string; row: StreamKeyRow }> {
  const channel = await insertChannel(db, { slug, title: `Channel ${slug}`, description: '', ownerId })
  return { channel, ...(await insertKey(db, channel.id)) }
}

/** The id of the stream that an accepted publisher writes. */
export function acceptedId(answer: PublishAnswer): string {
  if (!answer.accept) throw new Error(`Refused: ${answer.reason}`)
  return answer.stream.id
}

/** Asks again until there is an answer; says what was missed after `withinMs`. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  withinMs = 40_000,
): Promise<T> {
  const until = Date.now() + withinMs
  while (Date.now() < until) {
    const answer = await ask()
    if (answer) return answer
    await delay(250)
  }
  throw new Error(`${what} did not happen within ${withinMs / 1000} s`)
}

/** `live`, `interrupted` or `offline`, as a visitor sees it. */
export async function statusOf({ app }: LiveApp, slug: string): Promise<string> {
  const { body } = await app.call(contract.getChannel, { params: { slug } })
  return body.isInterrupted ? 'interrupted' : body.status
}

export async function replaysOf({ app }: LiveApp, slug: string): Promise<contract.Replay[]> {
  return (await app.call(contract.listReplays, { params: { slug } })).body.items
}

/** Changes the plugin's settings as an admin would. */
export async function changeSetting(
  app: LiveApp['app'],
  ctx: LiveApp['ctx'],
  change: Record<string, unknown>,
) {
  await ctx.db.tx((db) => app.site.settings.updatePlugin(db, 'live', LiveSettings, change))
}
