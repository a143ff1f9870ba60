import { useState } from 'preact/hooks'
import { Button, ButtonLink, Card, useTexts } from '#web'
import type { ChannelView, Playback } from '../../contract.ts'
import { Player } from '../player/Player.tsx'
import { goLiveTexts } from './texts.ts'

/** The DJ is nobody watching; and there is nothing to choose. */
function uncounted(playback: Playback): Playback {
  const hls = `${playback.hls}?uncounted`
  return { ...playback, hls, hlsPlain: `${playback.hlsPlain}?uncounted`, dvr: null, audio: null, angles: [] }
}

/** The stream as viewers get it, silent. */
export function Preview({ channel }: { channel: ChannelView }) {
  const t = useTexts(goLiveTexts)
  const [isShown, setShown] = useState(true)
  const { playback, streamId, slug, title, poster, isInterrupted } = channel
  if (!playback || !streamId) return null
  return (
    <Card
      title={t('preview')}
      actions={
        <>
          <Button look="plain" onClick={() => setShown(!isShown)} aria-expanded={isShown}>
            {t(isShown ? 'previewOff' : 'previewOn')}
          </Button>
          <ButtonLink href={`/live/${slug}`}>{t('watchPage')}</ButtonLink>
        </>
      }
    >
      {isShown && (
        <Player
          source={{ id: streamId, playback: uncounted(playback), isLive: true }}
          title={title}
          artist=""
          slug={slug}
          poster={poster}
          isAutoplay
          isPreview
          isInterrupted={isInterrupted}
        />
      )}
    </Card>
  )
}
