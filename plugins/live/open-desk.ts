import { currentFfmpeg } from '#ffmpeg'
import { Rights } from './access/rights.ts'
import { certificateCheck } from './certificate-check.ts'
import { icecastPortCheck, rtmpPortCheck } from './checks.ts'
import { channelRoom } from './contract.ts'
import { cookieNameOf, type Desk } from './desk.ts'
import { Director } from './director.ts'
import { HealthDesk } from './health-desk.ts'
import { HlsDesk } from './hls.ts'
import { IngestLink, spoolOf } from './ingest-link.ts'
import { ListenDesk } from './listen/listen-desk.ts'
import { recoverSpool } from './media/spool.ts'
import { nodesOf } from './nodes/nodes.ts'
import { PlaybackTokens } from './playback-token.ts'
import { newestPeak } from './posters.ts'
import type { LiveContext } from './settings.ts'
import { shownOf } from './shown.ts'
import { SimulcastDesk } from './simulcast/simulcast-desk.ts'
import { keepFigures } from './stats/figures-desk.ts'
import { openViewers } from './stats/open-viewers.ts'
import { wayOf } from './stats/way.ts'

/** Puts the parts together and registers their work by role; nothing runs yet. */
export function openDesk(ctx: LiveContext): Desk {
  const windowOf = (streamId: string) => hls.windows?.find(streamId)
  const { viewers, share } = openViewers(
    ctx,
    async (streamId) => {
      // A stream that only another process was asked for is looked up once.
      await hls.know(streamId)
      const slug = hls.channelOf(streamId)
      if (slug === null) return
      const count = viewers.countAny(hls.onAirAt(slug))
      ctx.realtime.publish(channelRoom, { slug }, 'viewers', { viewers: count })
    },
    windowOf,
  )
  const desk: Desk = {
    ctx,
    viewers,
    shown: shownOf(ctx),
    tokens: new PlaybackTokens(ctx.signer, cookieNameOf(ctx)),
    rights: new Rights(ctx.db, ctx.log),
    health: new HealthDesk(
      ctx,
      viewers,
      (streamId) => newestPeak(ctx, streamId),
      (id) => wayOf(windowOf(id)),
    ),
    link: null,
    simulcast: null,
    look: () => undefined,
    forget: (streamId) => hls.forget(streamId),
    forgetViewer: (accountId) => hls.forgetViewer(accountId),
  }
  const hls = new HlsDesk(desk)
  ctx.router.bare('hls', (req, res, rest, caller) => hls.handle({ req, res, caller }, rest))
  const listen = new ListenDesk(desk, hls)
  ctx.router.bare('listen', (req, res, rest, caller) => listen.handle({ req, res, caller }, rest))
  ctx.onStart('web', async () => {
    await hls.start()
    listen.start()
  })
  ctx.onStop(() => listen.stop())
  nodesOf(ctx).open()
  keepFigures(desk, { share, hls })
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
  ctx.check(icecastPortCheck(ctx.appliance, () => desk.link?.icecastPort !== null && desk.link !== null))
  const { roles, rtmp } = ctx.appliance
  // Where encoders come in, and beside a server that is not running.
  if (rtmp.tls && (roles.includes('ingest') || roles.length === 0)) ctx.check(certificateCheck(rtmp.tls))
  if (roles.includes('ingest')) ctx.onReady('ingest', () => desk.link?.isListening ?? false)
  ctx.onStart('ingest', async () => {
    const link = await ctx.shared('live.ingest', async () => {
      // Before anything looks into the folders of streams that a crash left on air.
      await recoverSpool(spoolOf(ctx.appliance)).catch((error: unknown) =>
        ctx.log.error({ err: error }, 'what the ingest had not stored could not be recovered'),
      )
      const child = ctx.child(new URL('./ingest/main.ts', import.meta.url))
      const programs = await currentFfmpeg()
      return new IngestLink(child, ctx.appliance, ctx.log, programs?.ffmpeg)
    })
    const own = new Director({ desk, line: link, count: (result) => publishes.inc({ result }) })
    // First in its queue, so that publishers wait until it knows what the last run left.
    const started = own.start()
    link.add(own)
    await started
    desk.link = link
    const simulcast = new SimulcastDesk(ctx, (message) => link.send(message))
    desk.simulcast = simulcast
    desk.look = () => {
      own.look()
      void simulcast.look()
    }
    director = own
    ctx.onStop(async () => {
      await own.stop()
      link.remove(own)
      simulcast.stop()
      desk.link = null
      desk.simulcast = null
    })
  })
}
