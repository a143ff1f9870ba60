import type { Page } from 'playwright-core'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { encode, probe, type Sent } from '../plugins/live/media/test-kit.ts'
import { TestBrowser } from './kit/browser.ts'
import { ChaosProxy } from './kit/chaos-proxy.ts'
import { FilmPublisher } from './kit/film-publisher.ts'
import { PartViewer } from './kit/part-viewer.ts'
import { childrenOf } from './kit/processes.ts'
import { type RunningServer, startServer } from './kit/server.ts'
import { ClockPublisher, readClock } from './kit/time-code.ts'
import { Visitor } from './kit/visitor.ts'
import { eventually } from './kit/wait.ts'

interface Context {
  server: RunningServer
  visitor: Visitor
  film: Sent[]
  browser: TestBrowser
  closers: (() => Promise<unknown>)[]
}

const settings = {
  VEZA_PLUGINS_LIVE_SEGMENT_MS: '1000',
  VEZA_PLUGINS_LIVE_WINDOW_S: '10',
  VEZA_PLUGINS_LIVE_GRACE_S: '60',
}
/** What an open part and its successor may hold back of 30 frames a second. */
const heldFrames = 12

const test = suite<Context>('faults of a live stream')
test.before(async (context) => {
  context.closers = []
  context.film = await encode({ seconds: 3, gop: 30 })
  context.server = await startServer({ env: settings })
  context.visitor = new Visitor(context.server)
  context.browser = await TestBrowser.open(context.server.url)
  await context.visitor.signIn()
})
test.after(async ({ closers, browser, server }) => {
  for (const close of closers) await close()
  await browser?.close()
  await server?.close()
})

/** A new channel's key. */
async function keyOf({ visitor }: Context, slug: string): Promise<string> {
  const made = await visitor.call('/api/v1/live/channels', { body: { slug, title: slug } })
  assert.is(made.status, 201, JSON.stringify(made.body))
  const { body } = await visitor.call<{ key: string }>(`/api/v1/live/channels/${slug}/keys`, { body: {} })
  return body.key
}

/** Somebody who follows the parts of what a channel plays, and comes back as players do. */
function viewerOf({ visitor, server, closers }: Context, slug: string, track?: 'audio'): PartViewer {
  const address = () =>
    eventually(`the address of "${slug}"`, async () => {
      const channel = await visitor.channel(slug).catch(() => null)
      return channel?.playback ? server.url + channel.playback.hls : null
    })
  const viewer = new PartViewer(address, track)
  closers.push(() => viewer.stop().catch(() => undefined))
  return viewer
}

function onAir(context: Context, port: number, key: string): FilmPublisher {
  const publisher = new FilmPublisher(context.film, { port, key })
  context.closers.push(() => publisher.stop())
  return publisher
}

const goesOn = (viewer: PartViewer, parts = 4) => {
  const before = viewer.parts
  return eventually(`${parts} parts behind ${before}`, () => viewer.parts >= before + parts)
}

/** Everything that was sent has arrived, but for what an open part holds back. */
const hasAll = (viewer: PartViewer, publisher: FilmPublisher) =>
  eventually('all that was sent', () => viewer.frames >= publisher.frames - heldFrames)

async function recorded({ visitor, server }: Context, slug: string): Promise<number> {
  const replay = await visitor.replay(slug)
  const { tracks } = await probe(server.url + replay.playback!.hls)
  return tracks.find(({ kind }) => kind === 'video')?.frames ?? 0
}

test('a line with delay that stalls and breaks loses nothing that came, and viewers go on [LIVE-02] [LIVE-03] [LIVE-13]', async (context) => {
  const { server, closers, visitor } = context
  const line = await ChaosProxy.to(server.rtmpPort)
  closers.push(() => line.close())
  line.delayMs = 200
  const publisher = onAir(context, line.port, await keyOf(context, 'line'))
  const { streamId } = await visitor.live('line')
  const [pictures, sound] = [viewerOf(context, 'line'), viewerOf(context, 'line', 'audio')]
  await Promise.all([goesOn(pictures), goesOn(sound)])

  line.stall()
  await new Promise((resolve) => setTimeout(resolve, 3_000))
  line.flow()
  await Promise.all([goesOn(pictures, 12), goesOn(sound, 12)])

  publisher.pause()
  await hasAll(pictures, publisher)
  line.cut()
  await eventually('the loss', async () => (await visitor.channel('line')).isInterrupted)
  line.mend()
  publisher.goOn()
  await Promise.all([goesOn(pictures, 8), goesOn(sound, 8)])
  await publisher.stop()
  assert.is((await visitor.channel('line')).streamId, streamId)
  await Promise.all([pictures.stop(), sound.stop()])
  const kept = await recorded(context, 'line')
  assert.ok(
    kept > publisher.frames - heldFrames && kept <= publisher.frames,
    `${kept} of ${publisher.frames}`,
  )
  assert.is(publisher.starts, 2)
})

test('viewers come back by themselves when the ingest and then the whole server are killed, and what came is kept [LIVE-02] [LIVE-03] [LIVE-13] [OPS-13]', async (context) => {
  const { server, browser, visitor } = context
  const clock = new Clock(context, await keyOf(context, 'clock'))
  const publisher = onAir(context, server.rtmpPort, await keyOf(context, 'film'))
  await Promise.all([visitor.live('clock'), visitor.live('film')])
  const viewer = viewerOf(context, 'film')
  const ada = await browser.visitor('ada')
  await ada.goTo('/live/clock')
  await clock.isSeen(ada.page)

  await hasAll(viewer, publisher)
  publisher.pause()
  await hasAll(viewer, publisher)
  const [ingest] = await childrenOf(server.pid, 'ingest/main')
  process.kill(ingest!, 'SIGKILL')
  publisher.goOn()
  await Promise.all([clock.restart().then(() => clock.isSeen(ada.page)), goesOn(viewer, 8)])
  console.log(viewer.refusals, publisher.takes)

  publisher.pause()
  await hasAll(viewer, publisher)
  await server.kill('SIGKILL')
  await server.restart()
  publisher.goOn()
  await Promise.all([clock.restart().then(() => clock.isSeen(ada.page)), goesOn(viewer, 8)])
  console.log(viewer.refusals, publisher.takes)

  await publisher.stop()
  await viewer.stop()
  const kept = await recorded(context, 'film')
  console.log(viewer.refusals, publisher.takes, kept, viewer.frames)
  assert.ok(
    kept > publisher.frames - 2 * heldFrames && kept <= publisher.frames,
    `${kept} of ${publisher.frames}`,
  )
})

/** A picture of this machine's clock on the air. */
class Clock {
  readonly #server: RunningServer
  readonly #key: string
  #publisher: ClockPublisher

  constructor({ server, closers }: Context, key: string) {
    this.#server = server
    this.#key = key
    this.#publisher = this.#publish()
    closers.push(() => this.#publisher.stop())
  }

  /** What an encoder does that comes back by itself, once somebody listens. */
  async restart(): Promise<void> {
    await this.#publisher.stop()
    await eventually('"ready"', () =>
      fetch(`${this.#server.url}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
    )
    this.#publisher = this.#publish()
  }

  /** The page shows a picture that was made after now. */
  async isSeen(page: Page): Promise<void> {
    const now = Date.now()
    await eventually('the clock in the page', async () => ((await readClock(page))?.clockMs ?? 0) > now)
  }

  #publish(): ClockPublisher {
    const url = `rtmp://127.0.0.1:${this.#server.rtmpPort}/live/${this.#key}`
    return new ClockPublisher([url], { keyFrameS: 1 })
  }
}

test.run()
