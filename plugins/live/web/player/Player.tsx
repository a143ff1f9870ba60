import './player.css'
import type { ComponentChildren } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { Later, useTexts } from '#web'
import type { Chapter, Storyboard } from '../../contract.ts'
import { Cover, Poster } from '../Cover.tsx'
import { CameraStrip } from './CameraStrip.tsx'
import { Centre } from './Centre.tsx'
import { Controls } from './Controls.tsx'
import { isFull, toggleFullscreen } from './fullscreen.ts'
import type { KeyAction } from './keys.ts'
import { LiveEdge } from './LiveEdge.tsx'
import { chapterBeside } from './line-words.ts'
import { useMediaSession } from './media-session.ts'
import { NoticeLine } from './NoticeLine.tsx'
import type { Source } from './source.ts'
import { StreamPlayer } from './stream-player.ts'
import { playerTexts } from './texts.ts'
import { useIdle } from './use-idle.ts'
import { usePlayerKeys } from './use-player-keys.ts'

export interface PlayerProps {
  source: Source
  title: string
  artist: string
  /** The channel's address: what a cover is made from. */
  slug: string
  poster: string | null
  /** Shown where there is only sound. */
  cover?: string | null
  isAutoplay: boolean
  /** The publisher is away and may come back. */
  isInterrupted?: boolean
  /** A silent look at one's own stream: no keys, no lock screen. */
  isPreview?: boolean
  /** At the top right of the picture, e.g. who watches. */
  corner?: ComponentChildren
  /** Marks on the line of a recording. */
  chapters?: readonly Chapter[]
  /** Pictures of a recording's moments. */
  storyboard?: Storyboard | null
  /** Where it plays, twice a second: milliseconds of a recording, a date (ms) of a running stream. */
  onPosition?(ms: number): void
  /** Given once: how to go to such a position, and to play from there. */
  onSeeker?(seek: Seek): void
  onEnded?(): void
  /** The address is no longer good; ask for a new one. */
  onExpired?(): Promise<void>
}

export type Seek = (ms: number, isPlaying?: boolean) => void

const loadFigures = () => import('./FiguresPanel.tsx')
const noChapters: readonly Chapter[] = []
const seeks = new Set<KeyAction>(['back', 'forward', 'start', 'edge', 'chapterBefore', 'nextChapter'])
const jumpS = 10

/** The player of a stream or a recording; a new stream gets a new one. */
export function Player(props: PlayerProps) {
  return <OpenPlayer key={props.source.id} {...props} />
}

function usePlayer(props: PlayerProps) {
  const { source, isPreview = false, isAutoplay } = props
  const screen = useRef<HTMLDivElement>(null)
  const newest = useRef(props)
  newest.current = props
  // biome-ignore lint/correctness/useExhaustiveDependencies: a player lives as long as what it plays
  const player = useMemo(() => {
    const renew = () => newest.current.onExpired?.() ?? Promise.resolve()
    return new StreamPlayer(source, { isQuiet: isPreview, renew })
  }, [source.id])
  // biome-ignore lint/correctness/useExhaustiveDependencies: it begins once; later changes of the wish are the viewer's
  useEffect(() => {
    if (!screen.current) return undefined
    const detach = player.attach(screen.current)
    newest.current.onSeeker?.((ms, isPlaying) => void player.goTo(ms, isPlaying))
    if (isAutoplay) void player.play()
    return detach
  }, [player])
  useEffect(() => player.update(source.playback), [player, source.playback])
  const phase = player.state.phase.value
  useEffect(() => {
    if (phase === 'ended') newest.current.onEnded?.()
  }, [phase])
  useEffect(
    () => player.state.line.subscribe((line) => line && newest.current.onPosition?.(line.atMs)),
    [player],
  )
  return { screen, player, phase }
}

function act(
  player: StreamPlayer,
  { box, chapters }: { box: HTMLElement | null; chapters: readonly Chapter[] },
  action: KeyAction,
): void {
  const { voice, state } = player
  const toChapter = (to: 'before' | 'next') => {
    const atMs = chapterBeside(chapters, state.line.peek()?.atMs ?? 0, to)
    if (atMs !== null) void player.goTo(atMs)
  }
  if (typeof action === 'number') {
    if (state.cameras.peek().some(({ camera }) => camera === action)) player.chooseCamera(action)
    return
  }
  const acts: Record<typeof action, () => void> = {
    toggle: () => player.toggle(),
    mute: () => (voice.isAudible ? voice.mute() : player.unmute()),
    fullscreen: () => toggleFullscreen(box, player.video),
    back: () => player.seekBy(-jumpS),
    forward: () => player.seekBy(jumpS),
    start: () => player.toStart(),
    edge: () => player.toEdge(),
    chapterBefore: () => toChapter('before'),
    nextChapter: () => toChapter('next'),
  }
  acts[action]()
  if (seeks.has(action)) state.sought.value += 1
}

function OpenPlayer(props: PlayerProps) {
  const t = useTexts(playerTexts)
  const { source, title, artist, slug, poster, isInterrupted = false, isPreview = false } = props
  const box = useRef<HTMLElement>(null)
  const { screen, player, phase } = usePlayer(props)
  const [isWide, setWide] = useState(false)
  const [hasFigures, setFigures] = useState(false)
  const idle = useIdle(phase === 'playing')
  useMediaSession(player, { title, artist, poster }, !isPreview && phase !== 'idle')
  useEffect(() => {
    const look = () => setWide(isFull(box.current))
    document.addEventListener('fullscreenchange', look)
    return () => document.removeEventListener('fullscreenchange', look)
  }, [])
  const { hasPicture, isPictureShown, quality, cameras } = player.state
  usePlayerKeys(box, cameras.value.length > 1, (action) => {
    idle.wake()
    act(player, { box: box.current, chapters: props.chapters ?? noChapters }, action)
  })
  const { hasVideo } = source.playback
  const isSoundOnly = !hasVideo || quality.value === 'audio'
  const isSeen = !isSoundOnly && (hasPicture.value || isPictureShown.value)
  const fill = () => toggleFullscreen(box.current, player.video)
  return (
    <>
      <section
        ref={box}
        class={`player${idle.isIdle ? ' is-idle' : ''}`}
        aria-label={t('playerOf', { title })}
        onPointerMove={idle.wake}
        onFocusCapture={idle.wake}
      >
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: the same as the button under it, for pointers */}
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the picture itself, with all its keys on the page */}
        <div
          ref={screen}
          class={`player-screen${isSeen ? '' : ' is-hidden'}`}
          onClick={() => (idle.wasTouch() ? idle.wake() : player.toggle())}
          onDblClick={fill}
        />
        {!isSeen && (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the same as the button under it, for pointers
          // biome-ignore lint/a11y/noStaticElementInteractions: decoration over the picture
          <div class="player-poster" onClick={() => player.toggle()}>
            {isSoundOnly && !props.cover ? (
              <Cover of={slug} isMoving={phase === 'playing'} />
            ) : (
              <Poster src={isSoundOnly ? (props.cover ?? null) : poster} of={slug} isEager />
            )}
          </div>
        )}
        <div class="player-top">
          {source.isLive ? <LiveEdge player={player} isInterrupted={isInterrupted} /> : <span />}
          {props.corner}
        </div>
        {hasFigures && <Later load={loadFigures} props={{ player }} wait={null} />}
        <NoticeLine player={player} />
        <Centre player={player} isInterrupted={isInterrupted} onExpired={props.onExpired} />
        {phase !== 'idle' && (
          <Controls
            player={player}
            chapters={props.chapters ?? noChapters}
            storyboard={props.storyboard ?? null}
            isFullscreen={isWide}
            onFullscreen={fill}
            isPreview={isPreview}
            hasFigures={hasFigures}
            onFigures={() => setFigures(!hasFigures)}
          />
        )}
      </section>
      {!isPreview && <CameraStrip player={player} />}
    </>
  )
}
