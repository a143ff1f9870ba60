import { useState } from 'preact/hooks'
import { Button, Pill, useTexts } from '#web'
import type { Mix, MixCamera, Playback } from '../../contract.ts'
import { Poster } from '../Cover.tsx'
import { Player } from '../player/Player.tsx'
import { CameraKey } from './CameraKey.tsx'
import { ClockPart } from './ClockPart.tsx'
import { markOf, nameOf, stateOf } from './camera-words.ts'
import { NamePart } from './NamePart.tsx'
import { mixTexts } from './texts.ts'
import type { MixDesk } from './use-mix.ts'

interface CameraProps {
  camera: MixCamera
  mix: Mix
  desk: MixDesk
  slug: string
}

/** One camera: its picture, its name, how it arrives, and the way to the main picture. */
export function CameraCard({ camera, mix, desk, slug }: CameraProps) {
  const t = useTexts(mixTexts)
  const [isKeyed, setKeyed] = useState(false)
  const { words, tone } = stateOf(t, camera)
  const name = nameOf(t, camera)
  const isMain = camera.camera === mix.mainCamera
  const hasKey = camera.keys > 0 || camera.streamId !== null
  return (
    <li class={`mix-camera${camera.camera === mix.onMain ? ' is-main' : ''}`} aria-label={name}>
      <Picture camera={camera} mix={mix} slug={slug} />
      <div class="mix-words">
        <NamePart
          key={camera.title}
          camera={camera}
          onName={(title) => void desk.change({ cameras: [{ camera: camera.camera, title }] })}
        />
        <p class={`small mix-state is-${tone}`}>
          <i aria-hidden="true" />
          {words}
        </p>
        <div class="mix-buttons">
          {!isMain && (
            <Button
              look={camera.status === 'live' ? 'main' : 'soft'}
              onClick={() => void desk.change({ mainCamera: camera.camera })}
            >
              {t('makeMain')}
              <span class="hidden-text">{` (${name})`}</span>
            </Button>
          )}
          {!hasKey && !isKeyed && (
            <Button icon="key" onClick={() => setKeyed(true)}>
              {t('key')}
              <span class="hidden-text">{` (${name})`}</span>
            </Button>
          )}
        </div>
        {isKeyed && (
          <CameraKey
            slug={slug}
            camera={camera.camera}
            name={name}
            onMade={() => void desk.mix.reload()}
            onDone={() => setKeyed(false)}
          />
        )}
        {camera.camera !== mix.onMain && camera.status === 'live' && (
          <ClockPart
            camera={camera}
            onMove={(offsetMs) => void desk.change({ cameras: [{ camera: camera.camera, offsetMs }] })}
          />
        )}
      </div>
    </li>
  )
}

const tones = { onMain: 'live', standIn: 'warn', chosen: 'plain' } as const

function Picture({ camera, mix, slug }: Pick<CameraProps, 'camera' | 'mix' | 'slug'>) {
  const t = useTexts(mixTexts)
  const [isLooking, setLooking] = useState(false)
  const { streamId, preview, poster, hasVideo } = camera
  const mark = markOf(mix, camera)
  const name = nameOf(t, camera)
  const isShown = isLooking && preview !== null && streamId !== null && hasVideo
  return (
    <div class="mix-picture">
      {isShown ? (
        <Player
          source={{ id: streamId, playback: silent(preview, camera), isLive: true }}
          title={name}
          artist=""
          slug={slug}
          poster={poster}
          isAutoplay
          isPreview
        />
      ) : streamId ? (
        <Poster src={poster} of={`${slug}-${camera.camera}`} />
      ) : (
        <span class="mix-none">{t('noPicture')}</span>
      )}
      {mark && (
        <span class="mix-mark">
          <Pill tone={tones[mark]}>{t(mark)}</Pill>
        </span>
      )}
      {preview !== null && hasVideo && (
        <button type="button" class="mix-look" onClick={() => setLooking(!isLooking)}>
          {t(isLooking ? 'lookAway' : 'look')}
          <span class="hidden-text">{` (${name})`}</span>
        </button>
      )}
    </div>
  )
}

function silent(hls: string, { hasVideo, hasAudio }: MixCamera): Playback {
  const nothing = { dvr: null, audio: null, angles: [], listen: null }
  return { hls, hlsPlain: hls, ...nothing, hasVideo, hasAudio }
}
