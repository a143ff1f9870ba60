import './player.css'
import type { ComponentChildren } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { useTexts } from '#web'
import { Cover, Poster } from '../Cover.tsx'
import { Centre } from './Centre.tsx'
import { Controls } from './Controls.tsx'
import { isFull, toggleFullscreen } from './fullscreen.ts'
import type { KeyAction } from './keys.ts'
import { LiveEdge } from './LiveEdge.tsx'
import { useMediaSession } from './media-session.ts'
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
  isAutoplay: boolean
  /** The publisher is away and may come back. */
  isInterrupted?: boolean
  /** A silent look at one's own stream: no keys, no lock screen. */
  isPreview?: boolean
  /** At the top right of the picture, e.g. who watches. */
  corner?: ComponentChildren
  onEnded?(): void
  /** The address is no longer good; ask for a new one. */
  onExpired?(): Promise<void>
}

/** The player of a stream or a recording; a new stream gets a new one. */
export function Player({ onExpired, ...props }: PlayerProps) {
  const [renewals, setRenewals] = useState(0)
  const renew = onExpired && (() => onExpired().then(() => setRenewals(renewals + 1)))
  return (
    <OpenPlayer
      key={`${props.source.id} ${renewals}`}
      {...props}
      {...(renew && { onExpired: renew })}
      isAutoplay={props.isAutoplay || renewals > 0}
    />
  )
}

const jumpS = 10

function usePlayer(props: PlayerProps) {
  const { source, isPreview = false, isAutoplay } = props
  const video = useRef<HTMLVideoElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a player lives as long as its stream and address
  const player = useMemo(() => new StreamPlayer(source, { isQuiet: isPreview }), [source.id])
  // biome-ignore lint/correctness/useExhaustiveDependencies: it begins once; later changes of the wish are the viewer's
  useEffect(() => {
    if (!video.current) return undefined
    const detach = player.attach(video.current)
    if (isAutoplay) void player.autoplay()
    return detach
  }, [player])
  const phase = player.phase.value
  const { onEnded } = props
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once for each end
  useEffect(() => {
    if (phase === 'ended') onEnded?.()
  }, [phase])
  return { video, player, phase }
}

function OpenPlayer(props: PlayerProps) {
  const t = useTexts(playerTexts)
  const { source, title, artist, slug, poster, isInterrupted = false, isPreview = false } = props
  const box = useRef<HTMLElement>(null)
  const { video, player, phase } = usePlayer(props)
  const [isWide, setWide] = useState(false)
  const idle = useIdle(phase === 'playing')
  useMediaSession(player, { title, artist, poster }, !isPreview && phase !== 'idle')
  useEffect(() => {
    const look = () => setWide(isFull(box.current))
    document.addEventListener('fullscreenchange', look)
    return () => document.removeEventListener('fullscreenchange', look)
  }, [])
  const act = (action: KeyAction) => {
    idle.wake()
    if (action === 'toggle') player.toggle()
    else if (action === 'mute') player.toggleMute()
    else if (action === 'fullscreen') toggleFullscreen(box.current, video.current)
    else player.seekBy(action === 'back' ? -jumpS : jumpS)
  }
  usePlayerKeys(box, source.isLive, act)
  const hasPicture = source.hasVideo && player.hasPicture.value
  return (
    <section
      ref={box}
      class={`player${idle.isIdle ? ' is-idle' : ''}`}
      aria-label={t('playerOf', { title })}
      onPointerMove={idle.wake}
      onFocusCapture={idle.wake}
    >
      {/* biome-ignore lint/a11y/useMediaCaption: a live mix and its recording have no captions */}
      <video
        ref={video}
        playsInline
        preload="none"
        class={hasPicture ? undefined : 'is-hidden'}
        onClick={() => (idle.wasTouch() ? idle.wake() : player.toggle())}
        onDblClick={() => toggleFullscreen(box.current, video.current)}
      />
      {!hasPicture && (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the same as the button under it, for pointers
        // biome-ignore lint/a11y/noStaticElementInteractions: decoration over the picture
        <div class="player-poster" onClick={() => player.toggle()}>
          {source.hasVideo ? (
            <Poster src={poster} of={slug} isEager />
          ) : (
            <Cover of={slug} isMoving={phase === 'playing'} />
          )}
        </div>
      )}
      <div class="player-top">
        {source.isLive ? <LiveEdge player={player} isInterrupted={isInterrupted} /> : <span />}
        {props.corner}
      </div>
      <Centre player={player} isInterrupted={isInterrupted} onExpired={props.onExpired} />
      {phase !== 'idle' && (
        <Controls
          player={player}
          isFullscreen={isWide}
          onFullscreen={() => toggleFullscreen(box.current, video.current)}
          video={video}
        />
      )}
    </section>
  )
}
