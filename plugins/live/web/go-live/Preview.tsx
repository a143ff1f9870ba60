import { useState } from 'preact/hooks'
import { Button, ButtonLink, Card, useTexts } from '#web'
import type { ChannelView } from '../../contract.ts'
import { Player } from '../player/Player.tsx'
import { goLiveTexts } from './texts.ts'

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
          source={{
            id: streamId,
            url: `${playback.hls}?uncounted`,
            isLive: true,
            hasVideo: playback.hasVideo,
          }}
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
