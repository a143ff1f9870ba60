import { useEffect, useState } from 'preact/hooks'
import { formatClock, formatDate, useTexts } from '#web'
import type { Chapter, Storyboard } from '../../contract.ts'
import { chapterAt, longWords, shortWords } from './line-words.ts'
import { useLiveStills } from './live-stills.ts'
import { LiveStill, Still } from './Still.tsx'
import type { StreamPlayer } from './stream-player.ts'
import { playerTexts } from './texts.ts'

const jumpS = 10
const pageS = 60
/** How long what a key did is shown. */
const shownForMs = 1_500

interface SeekBarProps {
  player: StreamPlayer
  chapters: readonly Chapter[]
  /** Pictures of a recording's moments; nothing is fetched before somebody points at one. */
  storyboard: Storyboard | null
}

/** Where one is in all that can be played, and the way elsewhere. */
export function SeekBar({ player, chapters, storyboard }: SeekBarProps) {
  const t = useTexts(playerTexts)
  const [held, setHeld] = useState<number | null>(null)
  const [pointed, setPointed] = useState<number | null>(null)
  const wasSought = useWasSought(player)
  const line = player.state.line.value
  const { isLive } = player.source
  const liveStill = useLiveStills(player, held !== null || pointed !== null || wasSought)
  if (!line) return null
  const { fromMs, toMs } = line
  const spanS = Math.max(0, toMs - fromMs) / 1000
  const atMs = held ?? Math.min(line.atMs, toMs)
  const share = (ms: number) => (spanS > 0 ? Math.min(1, Math.max(0, (ms - fromMs) / 1000 / spanS)) : 0)
  const shownMs = held ?? (wasSought ? atMs : pointed)
  const chapter = chapterAt(chapters, atMs)
  const words = longWords(t, line, atMs, isLive)
  const moveTo = (ms: number) => {
    setHeld(null)
    player.seekTo(ms)
  }
  return (
    <div
      class="player-line"
      onPointerMove={(event) => {
        const { left, width } = event.currentTarget.getBoundingClientRect()
        setPointed(fromMs + Math.min(1, Math.max(0, (event.clientX - left) / width)) * (toMs - fromMs))
      }}
      onPointerLeave={() => setPointed(null)}
    >
      <input
        type="range"
        class="player-seek"
        aria-label={t('seek')}
        aria-valuetext={chapter ? `${words}, ${chapter.title}` : words}
        min={0}
        max={spanS}
        step="any"
        value={(atMs - fromMs) / 1000}
        style={{ '--at': String(share(atMs)), '--loaded': String(share(line.bufferedToMs)) }}
        onInput={(event) => setHeld(fromMs + event.currentTarget.valueAsNumber * 1000)}
        onChange={(event) => moveTo(fromMs + event.currentTarget.valueAsNumber * 1000)}
        onKeyDown={(event) => {
          if (!move(player, event.key)) return
          event.preventDefault()
          setHeld(null)
          player.state.sought.value += 1
        }}
      />
      {chapters.map(({ atMs: markMs, title }) => (
        <i key={`${markMs} ${title}`} class="player-mark" style={{ '--mark': String(share(markMs)) }} />
      ))}
      {shownMs !== null && (
        <Bubble
          share={share(shownMs)}
          board={isLive ? null : storyboard}
          still={liveStill(shownMs, spanS * 1000)}
          atMs={shownMs}
        >
          <b>{shortWords(t, line, shownMs, isLive)}</b>
          <BubbleMore atMs={shownMs} isLive={isLive} toMs={toMs} chapters={chapters} />
        </Bubble>
      )}
    </div>
  )
}

/** True for a moment after each seek by a key. */
function useWasSought({ state }: StreamPlayer): boolean {
  const [isShown, setShown] = useState(false)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const before = state.sought.peek()
    const leave = state.sought.subscribe((count) => {
      if (count === before) return
      setShown(true)
      clearTimeout(timer)
      timer = setTimeout(() => setShown(false), shownForMs)
    })
    return () => {
      leave()
      clearTimeout(timer)
    }
  }, [state])
  return isShown
}

interface BubbleProps {
  share: number
  board: Storyboard | null
  /** Of a running stream: the address of one picture. */
  still: string | null
  atMs: number
  children: preact.ComponentChildren
}

function Bubble({ share, board, still, atMs, children }: BubbleProps) {
  const look = board || still ? ' has-still' : ''
  return (
    <output class={`player-bubble${look}`} style={{ '--mark': String(share) }} aria-hidden="true">
      {board && <Still board={board} atMs={atMs} />}
      {still && <LiveStill src={still} />}
      {children}
    </output>
  )
}

interface MoreProps {
  atMs: number
  toMs: number
  isLive: boolean
  chapters: readonly Chapter[]
}

function BubbleMore({ atMs, toMs, isLive, chapters }: MoreProps) {
  const chapter = chapterAt(chapters, atMs)
  if (chapter) return <span>{chapter.title}</span>
  if (!isLive || toMs - atMs < 1_000) return null
  return <span>{formatDate(new Date(atMs).toISOString(), 'time')}</span>
}

/** The slider's own keys; false for the others. */
function move(player: StreamPlayer, key: string): boolean {
  const steps: Record<string, () => void> = {
    ArrowLeft: () => player.seekBy(-jumpS),
    ArrowDown: () => player.seekBy(-jumpS),
    ArrowRight: () => player.seekBy(jumpS),
    ArrowUp: () => player.seekBy(jumpS),
    PageDown: () => player.seekBy(-pageS),
    PageUp: () => player.seekBy(pageS),
    Home: () => player.toStart(),
    End: () => player.toEdge(),
  }
  const step = steps[key]
  step?.()
  return step !== undefined
}

/** `1:02 / 3:20`; while live, how far behind one is, where that is worth a word. */
export function LineClock({ player }: { player: StreamPlayer }) {
  const t = useTexts(playerTexts)
  const line = player.state.line.value
  if (!line) return null
  if (player.source.isLive) {
    if (player.state.isFollowing.value) return null
    return <span class="player-clock">{shortWords(t, line, line.atMs, true)}</span>
  }
  return (
    <span class="player-clock">
      {formatClock(line.atMs)} / {formatClock(line.toMs)}
    </span>
  )
}
