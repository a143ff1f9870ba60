import { signal } from '@preact/signals'
import { Announcer } from './announcer.ts'
import { type Item, timeOf } from './feed.ts'
import { fromDb, trackGainDb } from './gain.ts'
import { ListeningLog } from './listening.ts'
import { allWays } from './media-buffer.ts'
import * as queues from './queue.ts'
import { readSettings } from './settings.ts'
import { Shelf } from './shelf.ts'
import { Sleep } from './sleep.ts'
import { Sound } from './sound.ts'
import { faultOf } from './source.ts'
import type { FaultKind, Playable, Player, PlayerOptions, PlayerSettings, PlayerTime } from './types.ts'

const restartsAfterMs = 3000
/** So many tracks that cannot be played, one after the other, are enough. */
const patience = 10

export function createPlayer(options: PlayerOptions): Player {
  return new Engine(options)
}

class Engine implements Player {
  readonly #announcer = new Announcer()
  readonly state = this.#announcer.state
  readonly on: Player['on'] = (event, listener) => this.#announcer.on(event, listener)
  readonly settings = signal<PlayerSettings>(readSettings(null))
  readonly queue = signal<queues.Queue>(queues.emptyQueue)
  readonly #shelf: Shelf
  readonly #sound: Sound
  readonly #sleep: Sleep
  readonly #isOwnLoader: boolean
  readonly #log = new ListeningLog((event, data) => this.#announcer.emit(event, data))
  /** Where the current entry begins that is not on the stage: yet, or before somebody presses play. */
  #pendingMs: number | null = null
  /** Each begin and stop makes answers to older questions void. */
  #turn = 0
  #faultsInARow = 0

  constructor(options: PlayerOptions) {
    const ways = options.ways ?? allWays()
    this.#isOwnLoader = ways[0] === 'mse'
    this.#shelf = new Shelf({
      resolve: options.resolve,
      quality: () => this.settings.value.quality,
      onOnline: (isOnline) => this.#announcer.tell({ isOnline }),
    })
    this.#sound = new Sound({
      ways,
      source: this.#shelf.source,
      choose: this.#shelf.choose,
      factor: ({ track }) => fromDb(trackGainDb(track, this.settings.value.gainMode)),
      crossfadeMs: () => this.settings.value.crossfadeMs,
      onMoved: (item) => this.#moved(item),
      onEnded: () => this.#ended(),
      onFailed: ({ track }, kind) => this.#skip(track.id, kind),
      onChange: () => this.#look(),
    })
    this.#sleep = new Sleep({
      fade: (seconds) => this.#sound.curtain(0, seconds),
      restore: () => this.#sound.curtain(1, 0.05),
      done: () => this.pause(),
      changed: (sleep) => this.#announcer.tell({ sleep }),
    })
    this.settings.value = readSettings(options.settings)
    this.queue.value = options.queue ?? queues.emptyQueue
    if (queues.currentEntry(this.queue.value)) this.#wait(options.positionMs ?? 0)
  }

  get analyser(): AnalyserNode | null {
    return this.#sound.analyser
  }

  playNow(tracks: readonly (Playable | string)[], at = 0, positionMs = 0): void {
    for (const track of tracks) if (typeof track !== 'string') this.#shelf.source.know(track)
    const trackIds = tracks.map((track) => (typeof track === 'string' ? track : track.id))
    this.queue.value = queues.reduceQueue(this.queue.value, { type: 'playNow', trackIds, at })
    this.#faultsInARow = 0
    this.#begin(positionMs)
  }

  change(action: queues.QueueAction): void {
    const isAsked = action.type === 'playNow' || action.type === 'select'
    const isWanted = isAsked || this.#isWanted
    const before = queues.currentEntry(this.queue.value)
    this.queue.value = queues.reduceQueue(this.queue.value, action)
    const now = queues.currentEntry(this.queue.value)
    if (isAsked) this.#faultsInARow = 0
    if (now && now.key === before?.key && !isAsked) void this.#prepareNext()
    else if (!now) this.#finish()
    else if (isWanted) this.#begin(0)
    else this.#wait(0)
  }

  warm(track: Playable): void {
    this.#shelf.source.know(track)
    if (this.#isOwnLoader) void this.#shelf.warm(track.id)
    // Making an AudioContext takes longer than loading; before the first gesture browsers forbid it.
    if (navigator.userActivation?.hasBeenActive) this.#sound.open(this.settings.value)
  }

  play(): void {
    const { status } = this.state.value
    if (status === 'ended') this.queue.value = queues.restartQueue(this.queue.value)
    if (this.#pendingMs !== null || status === 'ended') this.#begin(this.#pendingMs ?? 0)
    else if (queues.currentEntry(this.queue.value)) this.#sound.awake(this.settings.value).play()
  }

  pause(): void {
    if (this.#pendingMs === null) this.#sound.stage?.pause()
    else this.#wait(this.#pendingMs)
    this.#sound.rest()
  }

  toggle(): void {
    if (this.#isWanted && this.state.value.status !== 'blocked') this.pause()
    else this.play()
  }

  seek(positionMs: number): void {
    const to = Math.max(0, positionMs)
    if (this.#pendingMs !== null) this.#pendingMs = to
    else {
      this.#sound.stage?.seek(to / 1000)
      this.#log.jump(to)
    }
  }

  next(): void {
    this.change({ type: 'next', isManual: true })
  }

  previous(): void {
    if (this.time().positionMs >= restartsAfterMs || queues.isAtStart(this.queue.value)) this.seek(0)
    else this.change({ type: 'previous' })
  }

  stop(): void {
    this.#log.leave()
    this.#sound.stage?.stop()
    if (queues.currentEntry(this.queue.value)) this.#wait(0)
    else this.#finish()
  }

  set(settings: Partial<PlayerSettings>): void {
    this.settings.value = readSettings(settings, this.settings.value)
    this.#sound.apply(this.settings.value)
    this.#look()
  }

  sleep(after: number | 'end-of-track' | null): void {
    this.#sleep.set(after)
    void this.#prepareNext()
  }

  time(): PlayerTime {
    const durationMs = this.state.value.track?.durationMs ?? 0
    const place = this.#pendingMs === null ? this.#sound.stage?.place() : null
    return place ? timeOf(place) : { positionMs: this.#pendingMs ?? 0, durationMs, bufferedMs: 0 }
  }

  dispose(): void {
    this.#turn++
    this.#log.leave()
    this.#sleep.dispose()
    this.#sound.dispose()
  }

  get #isWanted(): boolean {
    return ['loading', 'playing', 'stalled', 'blocked'].includes(this.state.value.status)
  }

  /** Puts the current entry on the stage; within the call where the track is known, as a click wants it. */
  #begin(positionMs: number): void {
    this.#log.leave()
    const turn = ++this.#turn
    const entry = queues.currentEntry(this.queue.value)
    if (!entry) return void this.#finish()
    const stage = this.#sound.awake(this.settings.value)
    const start = (track: Playable) => {
      if (turn !== this.#turn) return
      stage.begin({ key: entry.key, track }, (this.#pendingMs ?? 0) / 1000)
      this.#enter(track, this.#pendingMs ?? 0)
    }
    this.#pendingMs = positionMs
    const known = this.#shelf.source.known(entry.trackId)
    this.#announcer.tell({ status: 'loading', track: known, sounding: null })
    if (known) start(known)
    else {
      stage.stop()
      this.#shelf.source.track(entry.trackId).then(start, (error) => {
        if (turn === this.#turn) this.#skip(entry.trackId, faultOf(error))
      })
    }
  }

  /** A track is under the needle now. */
  #enter(track: Playable, positionMs: number): void {
    this.#pendingMs = null
    this.#log.enter(track, positionMs)
    this.#announcer.tell({ track })
    this.#look()
    void this.#prepareNext()
  }

  /** Tells the stage what comes by itself, and loads its beginning. */
  async #prepareNext(): Promise<void> {
    const follower = this.#sleep.isEndOfTrack ? null : queues.followingEntry(this.queue.value)
    if (!follower) {
      this.#sound.stage?.follow(null)
      return
    }
    const turn = this.#turn
    const track = await this.#shelf.source.track(follower.trackId).catch(() => null)
    const isStill = queues.followingEntry(this.queue.value)?.key === follower.key && !this.#sleep.isEndOfTrack
    if (turn !== this.#turn || !isStill || this.#pendingMs !== null) return
    // What cannot be had is told at its turn.
    this.#sound.stage?.follow(track && { key: follower.key, track })
    if (this.#isOwnLoader) await this.#shelf.warm(follower.trackId)
  }

  #moved(item: Item): void {
    this.#log.leave()
    this.#turn++
    this.queue.value = queues.reduceQueue(this.queue.value, { type: 'next', isManual: false })
    this.#enter(item.track, 0)
  }

  #ended(): void {
    const isBedtime = this.#sleep.isEndOfTrack
    this.#log.leave()
    this.queue.value = queues.reduceQueue(this.queue.value, { type: 'next', isManual: false })
    if (!queues.currentEntry(this.queue.value)) this.#finish()
    else if (isBedtime) this.#wait(0)
    else this.#begin(0)
    if (isBedtime) this.#sleep.end()
  }

  #skip(trackId: string, kind: FaultKind): void {
    const title = this.#shelf.source.known(trackId)?.title ?? null
    this.#announcer.fail({ trackId, title, kind })
    this.#faultsInARow++
    if (this.#faultsInARow >= Math.min(this.queue.value.entries.length, patience)) this.#wait(0)
    else {
      this.queue.value = queues.reduceQueue(this.queue.value, { type: 'next', isManual: true })
      this.#begin(0)
    }
  }

  /** Ready, but silent: nothing is loaded but the beginning. */
  #wait(positionMs: number): void {
    const entry = queues.currentEntry(this.queue.value)
    if (!entry) return
    this.#log.leave()
    const turn = ++this.#turn
    this.#sound.stage?.stop()
    this.#pendingMs = positionMs
    this.#announcer.tell({ status: 'paused', track: this.#shelf.source.known(entry.trackId), sounding: null })
    this.#shelf.source.track(entry.trackId).then(
      (track) => turn === this.#turn && this.#announcer.tell({ track }),
      () => {},
    )
  }

  #finish(): void {
    this.#log.leave()
    this.#turn++
    this.#pendingMs = null
    this.#sound.stage?.stop()
    this.#sound.rest()
    const isEmpty = this.queue.value.entries.length === 0
    this.#announcer.tell({
      status: isEmpty ? 'idle' : 'ended',
      sounding: null,
      ...(isEmpty && { track: null }),
    })
  }

  /** Reads the stage: several times a second while it plays, and when it changes. */
  #look(): void {
    const { stage } = this.#sound
    const place = stage?.place()
    if (!stage || !place || this.#pendingMs !== null) return
    const { status } = stage
    const { track, fault } = this.state.value
    const isFine = status === 'playing' && fault?.trackId !== place.item.track.id
    if (isFine) this.#faultsInARow = 0
    this.#announcer.tell({
      status,
      sounding: place.sounding,
      gainDb: track ? trackGainDb(track, this.settings.value.gainMode) : 0,
      fault: isFine ? null : fault,
    })
    const { speed } = this.settings.value
    if (status === 'playing') this.#log.look(place.seconds * 1000, speed)
    this.#sleep.look((place.duration - place.seconds) / speed)
  }
}
