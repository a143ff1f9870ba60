import './now.css'
import { useEffect, useRef } from 'preact/hooks'
import { IconButton, Slot, Tabs, url, useTexts } from '#web'
import { trackLane } from '../../contract.ts'
import { RepeatTool, ShuffleTool } from '../bar/Modes.tsx'
import { SeekLane } from '../bar/SeekLane.tsx'
import { SoundMenu } from '../bar/SoundMenu.tsx'
import { Cover, TrackWords } from '../bar/TrackWords.tsx'
import { Transport } from '../bar/Transport.tsx'
import { tintOf } from '../bar/tint.ts'
import { Volume } from '../bar/Volume.tsx'
import { currentEntry } from '../engine/queue.ts'
import { isHelpOpen, shared } from '../front.ts'
import { Tool } from '../icons.tsx'
import { engine, from } from '../listen/desk.ts'
import { isSpectrumOn } from '../listen/prefs.ts'
import { trackOf } from '../listen/tracks.ts'
import { view } from '../listen/view.ts'
import { shareTrack } from '../share/wish.ts'
import { playerTexts } from '../texts.ts'
import { Lyrics } from './Lyrics.tsx'
import { QueueList } from './QueueList.tsx'
import { SoundPanel } from './SoundPanel.tsx'
import { Spectrum } from './Spectrum.tsx'

const close = () => {
  view.value = null
}

/** The page behind is out of reach while the view is open; the focus goes in, and back. */
function useOver() {
  const root = useRef<HTMLDivElement>(null)
  const opened = useRef(url.value)
  const isLeft = url.value !== opened.current
  useEffect(() => {
    // A link in it leads to another page: the view makes way for that.
    if (isLeft) close()
  }, [isLeft])
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null
    const behind = document.querySelectorAll<HTMLElement>('.frame, .player-bar')
    for (const part of behind) part.inert = true
    document.documentElement.classList.add('has-view')
    root.current?.focus()
    return () => {
      for (const part of behind) part.inert = false
      document.documentElement.classList.remove('has-view')
      before?.focus()
    }
  }, [])
  return root
}

/** What plays, large: picture, waveform, controls; and queue, lyrics or sound beside it. */
export default function NowPlaying() {
  const t = useTexts(playerTexts)
  const root = useOver()
  const player = engine.value
  const track = trackOf(player ? currentEntry(player.queue.value)?.trackId : undefined)
  if (!player || !track) return null
  const tabs = [
    { id: 'queue', label: t('queue'), content: <QueueList player={player} /> },
    { id: 'lyrics', label: t('lyrics'), content: <Lyrics player={player} track={track} /> },
    { id: 'sound', label: t('sound'), content: <SoundPanel player={player} /> },
  ]
  return (
    <div
      ref={root}
      class="now"
      role="dialog"
      aria-modal="true"
      aria-label={t('nowPlaying')}
      tabIndex={-1}
      style={tintOf(track.release.cover?.colour)}
    >
      <header class="now-top">
        <IconButton icon="chevron-down" label={t('close')} onClick={close} />
        <span class="now-top-tools">
          <Tool
            icon="spectrum"
            label={t('spectrum')}
            isOn={isSpectrumOn.value}
            onClick={() => {
              isSpectrumOn.value = !isSpectrumOn.value
            }}
          />
          <Tool
            icon="keyboard"
            label={t('keys')}
            onClick={() => {
              isHelpOpen.value = true
            }}
          />
          <Tool
            icon="share"
            label={t('share')}
            onClick={() => {
              shared.value = shareTrack(track)
            }}
          />
        </span>
      </header>
      <div class="now-stage">
        <div class="now-art">
          <Cover track={track} isLarge />
          {isSpectrumOn.value && <Spectrum player={player} />}
        </div>
        <TrackWords track={track} from={from.value} />
        <SeekLane player={player} track={track} />
        <Slot of={trackLane} props={{ track, seek: (ms) => player.seek(ms) }} />
        <div class="now-controls">
          <ShuffleTool player={player} />
          <Transport player={player} size={30} />
          <RepeatTool player={player} />
        </div>
        <div class="now-more">
          <SoundMenu player={player} />
          <Volume player={player} />
        </div>
      </div>
      <div class="now-side">
        <Tabs label={t('nowPlaying')} items={tabs} first={view.value ?? 'queue'} />
      </div>
    </div>
  )
}
