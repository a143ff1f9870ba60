import { rtmpPortCheck } from './checks.ts'
import { channelRoom } from './contract.ts'
import { type Desk, shownOf } from './desk.ts'
import { Director } from './director.ts'
import { HealthDesk } from './health-desk.ts'
import { HlsDesk } from './hls.ts'
import { IngestLink } from './ingest-link.ts'
import { PlaybackTokens } from './playback-token.ts'
import { newestPeak } from './posters.ts'
import type { LiveContext } from './settings.ts'
import { Viewers } from './viewers.ts'

/** Puts the parts together and registers their work by role; nothing runs yet. */
export function openDesk(ctx: LiveContext): Desk {
  const viewers = new Viewers((streamId, count) => {
    const slug = hls.channelOf(streamId)
    if (slug !== null) ctx.realtime.publish(channelRoom, { slug }, 'viewers', { viewers: count })
  })
  const desk: Desk = {
    ctx,
    viewers,
    shown: shownOf(ctx),
    tokens: new PlaybackTokens(ctx.signer),
    health: new HealthDesk(ctx, viewers, (streamId) => newestPeak(ctx, streamId)),
    link: null,
    look: () => undefined,
    forget: (streamId) => hls.forget(streamId),
  }
  const hls = new HlsDesk(desk)
  ctx.router.bare('hls', (req, res, rest) => hls.handle(req, res, rest))
  ctx.onStart('web', () => hls.start())
  ctx.onStop(() => viewers.stop())
  ctx.metrics.gauge('veza_live_viewers', 'People watching streams and replays', () => viewers.total)
  startIngest(desk)
  return desk
}

function startIngest(desk: Desk): void {
  const { ctx } = desk
  const publishes = ctx.metrics.counter('veza_live_publishes_total', 'Publishers let in or refused', [
    'result',
  ])
  let director: Director | null = null
  ctx.metrics.gauge(
    'veza_live_streams',
    'Streams on air or waiting for their publisher',
    () => director?.openCount ?? 0,
  )
  ctx.check(rtmpPortCheck(ctx.appliance, () => desk.link?.isListening ?? false))
  if (ctx.appliance.roles.includes('ingest')) ctx.onReady('ingest', () => desk.link?.isListening ?? false)
  ctx.onStart('ingest', async () => {
    const link = await ctx.shared('live.ingest', async () => {
      const child = ctx.child(new URL('./ingest/main.ts', import.meta.url))
      return new IngestLink(child, ctx.appliance, ctx.log)
    })
    const own = new Director({ desk, line: link, count: (result) => publishes.inc({ result }) })
    // First in its queue, so that publishers wait until it knows what the last run left.
    const started = own.start()
    link.add(own)
    await started
    desk.link = link
    desk.look = () => own.look()
    director = own
    ctx.onStop(async () => {
      await own.stop()
      link.remove(own)
      desk.link = null
    })
  })
}
