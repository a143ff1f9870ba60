import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Page } from 'playwright-core'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { encode, probe, type Sent } from '../plugins/live/media/test-kit.ts'
import { TestBrowser } from './kit/browser.ts'
import { ChaosProxy } from './kit/chaos-proxy.ts'
import { FilmPublisher } from './kit/film-publisher.ts'
import { PartViewer } from './kit/part-viewer.ts'
import { childrenOf, costOf } from './kit/processes.ts'
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
  VEZA_PLUGINS_LIVE_WINDOW_S: '60',
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
  return eventually(`${parts} parts behind ${before}`, () => {
    if (viewer.fault !== null) throw viewer.fault
    return viewer.parts >= before + parts
  })
}

/** All that was sent but for what an open part held back when a line or a process broke. */
const leastOf = ({ frames, starts }: FilmPublisher) => frames - heldFrames * starts
const hasAll = (viewer: PartViewer, publisher: FilmPublisher) =>
  eventually('all that was sent', () => viewer.frames >= leastOf(publisher))

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
  assert.ok(publisher.starts >= 2)
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
  const { starts } = publisher
  process.kill(ingest!, 'SIGKILL')
  // Until it knows, what it sends would go to nobody.
  await eventually('the publisher to notice', () => !publisher.isOnAir || publisher.starts > starts)
  publisher.goOn()
  await Promise.all([clock.restart().then(() => clock.isSeen(ada.page)), goesOn(viewer, 8)])

  publisher.pause()
  await hasAll(viewer, publisher)
  await server.kill('SIGKILL')
  await eventually('the publisher to notice', () => !publisher.isOnAir)
  await server.restart()
  publisher.goOn()
  await Promise.all([clock.restart().then(() => clock.isSeen(ada.page)), goesOn(viewer, 8)])

  await publisher.stop()
  await viewer.stop()
  const kept = await recorded(context, 'film')
  assert.ok(
    kept > publisher.frames - 2 * heldFrames && kept <= publisher.frames,
    `${kept} of ${publisher.frames}`,
  )
})

test('a crowd that only waits, asks for nonsense or does not read costs little, and nobody else notices [LIVE-03]', async (context) => {
  const { server, visitor } = context
  onAir(context, server.rtmpPort, await keyOf(context, 'crowd'))
  onAir(context, server.rtmpPort, await keyOf(context, 'other'))
  const [{ playback }, other] = await Promise.all([visitor.live('crowd'), visitor.live('other')])
  const folder = playback!.hls.replace('index.m3u8', '')
  const viewer = viewerOf(context, 'crowd')
  await goesOn(viewer)
  const before = await costOf(server.pid)

  const ask = (file: string) => `GET ${folder}${file} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`
  const next = () => `video.m3u8?_HLS_msn=${viewer.lastSeq + 2}`
  // Five thousand that wait, each on a line of its own or many on one, and as many that read nothing.
  const waiting = await Promise.all(Array.from({ length: 1_000 }, () => Idler.to(server.port, ask(next()))))
  const greedy = await Promise.all(
    Array.from({ length: 20 }, () => Idler.to(server.port, ask(next()).repeat(200))),
  )
  const slow = await Promise.all(
    Array.from({ length: 100 }, () => Idler.to(server.port, ask(`v${viewer.lastSeq}.m4s`).repeat(50), true)),
  )
  await eventually('the greedy to be cut off', () => {
    // What came meanwhile was answered: they want more.
    for (const idler of greedy) idler.ask(ask(next()).repeat(200))
    return greedy.every(({ isClosed }) => isClosed)
  })
  await goesOn(viewer, 8)
  const during = await costOf(server.pid)
  // With garbage that nobody collected yet; all that the deaf asked for would be far more.
  assert.ok(during.rssMb - before.rssMb < 400, `${before.rssMb} MB before, ${during.rssMb} MB with them`)
  for (const idler of [...waiting, ...greedy, ...slow]) idler.leave()

  const status = async (path: string) => (await fetch(server.url + path)).status
  for (const query of [
    '_HLS_msn=1e9',
    '_HLS_msn=-1',
    '_HLS_msn=%00',
    '_HLS_part=1',
    `_HLS_msn=${'9'.repeat(400)}`,
  ])
    assert.is(await status(`${folder}video.m3u8?${query}`), 400, query)
  assert.is(await status(`${folder}video-480.m3u8`), 404)
  assert.is(await status(`${folder}v480-0.0.m4s`), 404)
  const [, , token] = folder.split('/')
  const foreign = other.playback!.hls.split('/').map((piece, at) => (at === 2 ? token : piece))
  for (const file of ['index.m3u8', 'video-480.m3u8', 'v0.m4s'])
    assert.is(await status([...foreign.slice(0, -1), file].join('/')), 403, file)
  await eventually(
    'their connections to be gone',
    async () => (await costOf(server.pid)).files <= before.files + 20,
  )
  await goesOn(viewer)
  await viewer.stop()
})

/** A connection on which something was asked and nothing is read, or nothing is done with it. */
class Idler {
  isClosed = false
  readonly #socket: Socket

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.isClosed = true
    })
  }

  static async to(port: number, text: string, isDeaf = false): Promise<Idler> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    if (isDeaf) socket.pause()
    else socket.resume()
    const idler = new Idler(socket)
    idler.ask(text)
    return idler
  }

  ask(text: string): void {
    if (!this.isClosed) this.#socket.write(text)
  }

  leave(): void {
    this.#socket.destroy()
  }
}

/** A picture of this machine's clock on the air. */
class Clock {
  readonly #server: RunningServer
  readonly #key: string
  #publisher: ClockPublisher
  #isOver = false

  constructor({ server, closers }: Context, key: string) {
    this.#server = server
    this.#key = key
    this.#publisher = this.#publish()
    closers.push(() => {
      this.#isOver = true
      return this.#publisher.stop()
    })
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
    if (!this.#isOver) this.#publisher = this.#publish()
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
