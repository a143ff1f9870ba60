import { useComputed } from '@preact/signals'
import { useMemo, useState } from 'preact/hooks'
import { Button, Later, useSession, useTexts } from '#web'
import { type ChannelView, clipReachMs } from '../../contract.ts'
import type { ClipSource } from './ClipMaker.tsx'
import { clipTexts } from './texts.ts'
import { watched } from './watched.ts'

const loadMaker = () => import('./ClipMaker.tsx')

/** Under the player of what is on air: the last minutes before where this viewer is. */
export default function ClipButton({ channel }: { channel: ChannelView }) {
  const t = useTexts(clipTexts)
  const { me } = useSession()
  const [openedAt, setOpenedAt] = useState<number | null>(null)
  const streamId = useComputed(() => watched.value?.streamId ?? null).value
  if (!me || !channel.hasClips || channel.status !== 'live' || streamId === null) return null
  if (openedAt === null) {
    return (
      <Button icon="film" onClick={() => setOpenedAt(watched.peek()?.atMs ?? null)}>
        {t('clip')}
      </Button>
    )
  }
  return (
    <Opened channel={channel} streamId={streamId} openedAt={openedAt} onClose={() => setOpenedAt(null)} />
  )
}

interface OpenedProps {
  channel: ChannelView
  streamId: string
  openedAt: number
  onClose(): void
}

function Opened({ channel, streamId, openedAt, onClose }: OpenedProps) {
  const atMs = useComputed(() => watched.value?.atMs ?? openedAt)
  const { slug, startedAt } = channel
  const source = useMemo((): ClipSource => {
    const began = startedAt === null ? openedAt - clipReachMs : Date.parse(startedAt)
    return {
      slug,
      streamId,
      atMs,
      seek: (ms, isPlaying) => watched.peek()?.seek(ms, isPlaying),
      within: { from: Math.min(Math.max(openedAt - clipReachMs, began), openedAt - 1_000), until: openedAt },
      dateOf: (ms) => new Date(ms).toISOString(),
      isLive: true,
    }
  }, [slug, streamId, openedAt, startedAt, atMs])
  return <Later load={loadMaker} props={{ source, onClose }} />
}
