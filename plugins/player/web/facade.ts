import { signal } from '@preact/signals'
import { asProblem, type PlayableCard, type Player, setPlayer, toast } from '#web'
import { facadeState } from './front.ts'

/** What plays, with its engine and its bar: loaded with the first sound, or with a queue of before. */
type Desk = Pick<
  typeof import('./whole.ts'),
  'PlayerBar' | 'engine' | 'play' | 'enqueue' | 'warm' | 'restore'
>

/** Null until it is loaded. */
export const desk = signal<Desk | null>(null)

let loading: Promise<Desk> | null = null
/** Loads the player; once, or again where it failed. */
export function openDesk(): Promise<Desk> {
  loading ??= import('./whole.ts').then(({ PlayerBar, engine, play, enqueue, warm, restore }) => {
    desk.value = { PlayerBar, engine, play, enqueue, warm, restore }
    return desk.value
  })
  loading.catch(() => {
    loading = null
  })
  return loading
}

function withDesk(work: (ready: Desk) => void): void {
  // Within the click where it is there: browsers let sound begin only then.
  if (desk.value) work(desk.value)
  else openDesk().then(work, (error) => toast(asProblem(error).message, { tone: 'bad' }))
}

const facade: Player = {
  state: facadeState,
  play(tracks, from, index = 0, atMs) {
    const first: PlayableCard | undefined = tracks[index] ?? tracks[0]
    if (!first) return
    if (!desk.value) facadeState.value = { status: 'loading', trackId: first.id, from }
    withDesk((ready) => ready.play(tracks, from, index, atMs))
  },
  playNext: (tracks, from) => withDesk((ready) => ready.enqueue('playNext', tracks, from)),
  addLast: (tracks, from) => withDesk((ready) => ready.enqueue('addLast', tracks, from)),
  pause: () => desk.value?.engine.value?.pause(),
  resume: () => desk.value?.engine.value?.play(),
  seek: (ms) => desk.value?.engine.value?.seek(ms),
  positionMs: () => desk.value?.engine.value?.time().positionMs ?? 0,
  warm: (track) => {
    openDesk().then(
      (ready) => ready.warm(track),
      () => undefined,
    )
  },
}
setPlayer(facade)
