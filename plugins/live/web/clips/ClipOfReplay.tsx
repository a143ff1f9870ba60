import { useMemo, useState } from 'preact/hooks'
import { Button, Later, useSession, useTexts } from '#web'
import { clipReachMs, dateAt, type Replay } from '../../contract.ts'
import type { PlayerPlace } from '../replay/place.ts'
import type { ClipSource } from './ClipMaker.tsx'
import { clipTexts } from './texts.ts'

const loadMaker = () => import('./ClipMaker.tsx')

/** Under a recording: the minutes around where the player is. */
export function ClipOfReplay({ replay, place }: { replay: Replay; place: PlayerPlace }) {
  const t = useTexts(clipTexts)
  const { me } = useSession()
  const [openedAt, setOpenedAt] = useState<number | null>(null)
  const source = useMemo((): ClipSource => {
    const at = openedAt ?? 0
    const from = Math.max(0, at - clipReachMs)
    return {
      slug: replay.channel.slug,
      streamId: replay.id,
      atMs: place.atMs,
      seek: place.seek,
      within: { from, until: Math.min(replay.durationMs, at + clipReachMs / 2) },
      dateOf: (ms) => dateAt(replay.clock, ms) ?? replay.startedAt,
      isLive: false,
    }
  }, [replay, place, openedAt])
  if (!me) return null
  if (openedAt === null)
    return (
      <Button icon="film" onClick={() => setOpenedAt(place.atMs.peek())}>
        {t('clip')}
      </Button>
    )
  return <Later load={loadMaker} props={{ source, onClose: () => setOpenedAt(null) }} />
}
