import '../player.css'
import { useEffect } from 'preact/hooks'
import { IconButton, useLoaded, useTexts } from '#web'
import { currentEntry } from '../engine/queue.ts'
import type { Player } from '../engine/types.ts'
import { Tool } from '../icons.tsx'
import { listenToKeys } from '../listen/commands.ts'
import { engine, from } from '../listen/desk.ts'
import { fetchMissing, trackOf } from '../listen/tracks.ts'
import { view } from '../listen/view.ts'
import { playerTexts } from '../texts.ts'
import { RepeatTool, ShuffleTool } from './Modes.tsx'
import { Notes } from './Notes.tsx'
import { SeekLane } from './SeekLane.tsx'
import { SoundMenu } from './SoundMenu.tsx'
import { Cover, TrackWords } from './TrackWords.tsx'
import { PlayButton, Transport } from './Transport.tsx'
import { tintOf } from './tint.ts'
import { Volume } from './Volume.tsx'

const loadView = () => import('../now/NowPlaying.tsx')

/** The bar below every page, from the first sound on. */
export function PlayerBar() {
  const player = engine.value
  useEffect(listenToKeys, [])
  return player && <Bar player={player} />
}

function Bar({ player }: { player: Player }) {
  const t = useTexts(playerTexts)
  const id = currentEntry(player.queue.value)?.trackId ?? player.state.value.track?.id
  const track = trackOf(id)
  useEffect(() => {
    if (id) fetchMissing([id]).catch(() => undefined)
  }, [id])
  const isThere = track !== undefined
  useEffect(() => {
    document.documentElement.classList.toggle('has-player', isThere)
    return () => document.documentElement.classList.remove('has-player')
  }, [isThere])
  if (!track) return null
  const openView = () => {
    view.value = 'queue'
  }
  return (
    <>
      <section class="player-bar" aria-label={t('player')} style={tintOf(track.release.cover?.colour)}>
        <Notes player={player} />
        <Progress player={player} />
        <div class="player-what">
          <button
            type="button"
            class="player-open"
            aria-label={t('open')}
            title={t('open')}
            onClick={openView}
          >
            <Cover track={track} />
          </button>
          <TrackWords track={track} from={from.value} />
        </div>
        <PhoneControls player={player} />
        <Transport player={player} />
        <SeekLane player={player} track={track} />
        <div class="player-tools">
          <SoundMenu player={player} />
          <ShuffleTool player={player} />
          <RepeatTool player={player} />
          <IconButton icon="queue" label={t('queue')} onClick={openView} />
          <Volume player={player} />
          <Tool icon="up" label={t('open')} onClick={openView} />
        </div>
      </section>
      {view.value && <View />}
    </>
  )
}

function View() {
  const { Part } = useLoaded(loadView)
  return Part && <Part />
}

/** On phones the bar is one thing to touch, with the play button beside it. */
function PhoneControls({ player }: { player: Player }) {
  return (
    <div class="player-phone">
      <PlayButton player={player} size={22} />
    </div>
  )
}

/** A line along the bar's upper edge, where there is no room for a waveform. */
function Progress({ player }: { player: Player }) {
  useEffect(() => {
    let frame = 0
    const line = document.querySelector<HTMLElement>('.player-line')
    const draw = () => {
      const { positionMs, durationMs } = player.time()
      line?.style.setProperty('--played', String(durationMs > 0 ? positionMs / durationMs : 0))
      frame = requestAnimationFrame(draw)
    }
    draw()
    return () => cancelAnimationFrame(frame)
  }, [player])
  return <i class="player-line" aria-hidden="true" />
}
