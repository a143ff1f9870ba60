import { randomBytes } from 'node:crypto'
import { streamFfmpeg } from '#ffmpeg'
import { WatchDoor } from '../access/door.ts'
import { answerPrivately } from '../access/private-answer.ts'
import { accessOf } from '../access/rights.ts'
import { mayWatchBare } from '../access/viewer.ts'
import type { MaybePictured } from '../cameras/present.ts'
import { type Channel, findChannel } from '../channels.ts'
import type { Desk } from '../desk.ts'
import type { Asked, HlsDesk } from '../hls.ts'
import { nodesOf } from '../nodes/nodes.ts'
import { shownAt } from '../shown.ts'
import { sendHead, sendPlaylist, sendPreflight, sendWords } from './answers.ts'
import { type Format, formatFor } from './formats.ts'
import { Backlog, Listener } from './listener.ts'
import { Station } from './station.ts'

const beatMs = 5_000
/** Of all sites: they share the memory. */
const backlog = new Backlog()

interface OnAir {
  channel: Channel
  /** Whose right it is to hear it: the stream of the main camera. */
  stream: MaybePictured
  /** Where the sound is. */
  soundId: string
}

/** A response that goes on. */
interface Playing extends OnAir {
  asked: Asked
  listenerId: string
}

/** `/listen/{slug}`: a channel's sound for any player of radio streams. */
export class ListenDesk {
  readonly #desk: Desk
  readonly #hls: HlsDesk
  readonly #stations = new Map<string, Station>()
  readonly #playing = new Set<Playing>()
  readonly #door: WatchDoor
  #timer: NodeJS.Timeout | undefined
  #unhear: () => void = () => undefined

  constructor(desk: Desk, hls: HlsDesk) {
    this.#desk = desk
    this.#hls = hls
    const { ctx, rights } = desk
    this.#door = new WatchDoor({ db: ctx.db, log: ctx.log, rights })
  }

  start(): void {
    const { windows } = this.#hls
    if (!windows) return
    this.#unhear = windows.onMessage((message, body) =>
      this.#stations.get(message.streamId)?.hear(message, body),
    )
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#unhear()
    for (const station of this.#stations.values()) station.close()
    this.#stations.clear()
    for (const { asked } of this.#playing) asked.res.end()
  }

  async handle(asked: Asked, rest: string): Promise<void> {
    const { req, res } = asked
    if (req.method === 'OPTIONS') return sendPreflight(res)
    if (req.method !== 'GET' && req.method !== 'HEAD') return sendWords(res, 405, 'Only GET and HEAD.')
    const [, slug = '', suffix] = /^([a-z0-9-]{1,64})(?:\.(mp3|aac|opus|m3u|pls))?$/.exec(rest) ?? []
    const channel = slug === '' ? null : await findChannel(this.#desk.ctx.db, slug)
    if (!channel) return sendWords(res, 404, 'There is no channel at this address.')
    if (suffix === 'm3u' || suffix === 'pls')
      return sendPlaylist(res, suffix, { channel, address: `${this.#desk.ctx.site.url}/listen/${slug}.mp3` })
    const onAir = await this.#onAirAt(channel)
    if (!onAir) return sendWords(res, 404, 'Nothing is on air here at the moment.')
    if (accessOf(onAir.channel, onAir.stream) !== 'public') answerPrivately(res)
    if (!(await this.#mayHear(asked, onAir)))
      return sendWords(res, 403, 'This stream is not open to everybody; sign in on the web page.')
    return this.#play(asked, onAir, (suffix as Format | undefined) ?? formatFor(req.headers.accept ?? ''))
  }

  async #onAirAt(channel: Channel): Promise<OnAir | null> {
    const { stream } = await shownAt(this.#desk, channel.slug)
    if (!stream) return null
    const { sound } = stream
    if (!sound && !stream.hasAudio) return null
    return { channel, stream, soundId: sound?.id ?? stream.id }
  }

  #mayHear({ caller }: Asked, { channel, stream }: OnAir): Promise<boolean> {
    return mayWatchBare(this.#desk, caller, channel, stream)
  }

  async #play(asked: Asked, onAir: OnAir, format: Format): Promise<void> {
    const { req, res } = asked
    const { channel, soundId } = onAir
    await this.#hls.know(soundId)
    await nodesOf(this.#desk.ctx).watch(soundId)
    const station = this.#stationOf(soundId)
    if (!station) return sendWords(res, 503, 'The sound is not here yet; try again in a moment.')
    const wantsTitles = req.headers['icy-metadata'] === '1'
    sendHead(res, { format, channel, page: `${this.#desk.ctx.site.url}/live/${channel.slug}`, wantsTitles })
    if (req.method === 'HEAD') {
      res.end()
      return
    }
    // Nothing more is read of it, and nothing is gathered before it is sent.
    req.socket.setNoDelay(true)
    const playing = { ...onAir, asked, listenerId: randomBytes(9).toString('base64url') }
    this.#playing.add(playing)
    const titleAt = (ms: number) => station.titleAt(ms)
    const leave = station.join(format, new Listener(res, { wantsTitles, titleAt, backlog }))
    res.once('close', () => {
      leave()
      this.#playing.delete(playing)
    })
    this.#beat(playing)
    this.#timer ??= setInterval(() => this.#beatAll(), beatMs).unref()
  }

  #stationOf(streamId: string): Station | null {
    const window = this.#hls.windows?.find(streamId)
    if (!window || window.isEnded) return null
    const known = this.#stations.get(streamId)
    if (known) return known
    const onTrouble = (words: string) =>
      this.#desk.ctx.log.warn({ streamId, words }, 'an encoder for listeners ended')
    const made = new Station({
      window: () => this.#hls.windows?.find(streamId),
      start: streamFfmpeg,
      onTrouble,
    })
    this.#stations.set(streamId, made)
    return made
  }

  #beatAll(): void {
    for (const playing of this.#playing) this.#beat(playing)
    for (const [slug, listening] of Map.groupBy(this.#playing, ({ channel }) => channel.slug))
      this.#recheck(slug, listening).catch((error: unknown) =>
        this.#desk.ctx.log.warn({ err: error }, 'it could not be asked who may still listen'),
      )
    const wanted = new Set([...this.#playing].map(({ soundId }) => soundId))
    for (const [streamId, station] of this.#stations)
      if (!wanted.has(streamId)) {
        station.close()
        this.#stations.delete(streamId)
      }
    if (this.#playing.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** Who listens is there: counted as a viewer, and what comes from another machine goes on coming. */
  #beat({ soundId, listenerId, asked }: Playing): void {
    this.#desk.viewers.seen(soundId, listenerId, asked.req)
    void nodesOf(this.#desk.ctx).watch(soundId)
  }

  /** Who may listen may be somebody else by now, and so may what is on air. */
  async #recheck(slug: string, listening: readonly Playing[]): Promise<void> {
    const { channel, stream } = await shownAt(this.#desk, slug)
    if (accessOf(channel, stream) === 'public') return
    for (const { asked, soundId, listenerId } of listening) {
      const subject = { channel, stream, streamId: soundId }
      if (!(await this.#door.admits(subject, listenerId, asked.caller))) asked.res.end()
    }
  }
}
