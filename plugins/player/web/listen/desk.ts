import { effect, signal } from '@preact/signals'
import { me, type PlayableCard, type PlayFrom } from '#web'
import type { SavedQueue } from '../../contract.ts'
import { connectMediaSession } from '../engine/media-session.ts'
import { createPlayer } from '../engine/player.ts'
import { currentEntry, type Queue } from '../engine/queue.ts'
import type { Playable, Player } from '../engine/types.ts'
import { facadeState } from '../front.ts'
import { readStored, settingsKey, store } from '../stored.ts'
import { deviceId } from './device.ts'
import { tellFaults } from './faults.ts'
import { keepPlaces, offerPlace } from './places.ts'
import { reportPlays } from './plays.ts'
import { playRadio } from './radio.ts'
import { fromSaved, pairsOf } from './saved-queue.ts'
import { isElsewhere, keepQueue, readLocalQueue } from './saving.ts'
import { sessionFacts } from './session-facts.ts'
import { beAlone } from './tabs.ts'
import { fetchMissing, know, knowKeys, resolve, toPlayable, trackOf } from './tracks.ts'

/** The engine of this page; null until something is to be played. */
export const engine = signal<Player | null>(null)
/** Where the queue comes from. */
export const from = signal<PlayFrom | null>(null)
let disconnect = () => {}
/** A browser that plays tells so every quarter of a minute. */
const toldWithinMs = 40_000

/** Makes an engine, in place of the one there was. */
function open(queue?: Queue, positionMs = 0): Player {
  disconnect()
  engine.peek()?.dispose()
  const settings = (readStored(settingsKey) ?? {}) as object
  const made = createPlayer({ resolve, settings, positionMs, ...(queue && { queue }) })
  const endings = [
    connectMediaSession(made, sessionFacts),
    reportPlays(made),
    keepQueue(made, from),
    keepPlaces(made),
    tellFaults(made),
    playRadio(made),
    beAlone(made),
    effect(() => store(settingsKey, made.settings.value)),
    effect(() => mirror(made)),
  ]
  disconnect = () => {
    for (const end of endings) end()
  }
  engine.value = made
  return made
}

/** The state as other plugins see it. */
function mirror({ state, queue }: Player): void {
  const { status, track } = state.value
  const trackId = track?.id ?? currentEntry(queue.value)?.trackId ?? null
  const shown = status === 'stalled' ? 'loading' : status === 'ended' ? 'paused' : status
  facadeState.value = { status: trackId ? shown : 'idle', trackId, from: from.value }
}

const ready = (): Player => engine.peek() ?? open()

function asPlayable(card: PlayableCard): Playable | string {
  const track = trackOf(card.id)
  return (track && toPlayable(track)) ?? card.id
}

export function play(
  tracks: readonly PlayableCard[],
  playFrom: PlayFrom | null,
  index: number,
  atMs: number | undefined,
): void {
  know(tracks)
  from.value = playFrom
  isElsewhere.value = null
  ready().playNow(tracks.map(asPlayable), index, atMs ?? 0)
  const first = tracks[index]
  if (first && !atMs) void offerPlace(first.id)
}

export function enqueue(
  type: 'playNext' | 'addLast',
  tracks: readonly PlayableCard[],
  playFrom: PlayFrom | null,
): void {
  know(tracks)
  const made = ready()
  if (made.queue.value.entries.length === 0) from.value = playFrom
  made.change({ type, trackIds: tracks.map(({ id }) => id) })
}

export function warm(card: PlayableCard): void {
  know([card])
  const playable = asPlayable(card)
  if (typeof playable !== 'string') ready().warm(playable)
}

/** Puts the queue of before in place, paused; nothing where something plays already. */
export function restore(saved: SavedQueue | null): void {
  if ((engine.peek()?.queue.value.entries.length ?? 0) > 0) return
  const local = readLocalQueue(me.value?.id ?? null, saved)
  if (local) {
    knowKeys(local.keys)
    from.value = local.from
    show(open(local.queue, local.positionMs))
  } else if (saved && saved.trackIds.length > 0) {
    const sinceMs = Date.now() - Date.parse(saved.updatedAt)
    const isPlaying = saved.isPlaying && saved.deviceId !== deviceId() && sinceMs < toldWithinMs
    if (isPlaying) isElsewhere.value = { deviceName: saved.deviceName }
    takeOver(saved, isPlaying ? Math.max(0, sinceMs) : 0)
  }
}

/** Goes on here with what another browser played. */
export function takeOver(saved: SavedQueue, sinceMs = 0): Player {
  know(saved.tracks)
  knowKeys(pairsOf(saved.keys))
  from.value = saved.from
  const made = open(fromSaved(saved), saved.positionMs + sinceMs)
  show(made)
  return made
}

/** What the bar and the first look at the queue show; entries that are gone go. */
function show(made: Player): void {
  const { entries, index } = made.queue.value
  const near = entries.slice(Math.max(0, index - 20), Math.max(0, index) + 80)
  fetchMissing(near.map(({ trackId }) => trackId)).then(
    () => {
      for (const { key, trackId } of near) if (!trackOf(trackId)) made.change({ type: 'remove', key })
    },
    () => undefined,
  )
}
