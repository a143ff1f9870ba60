import { Card, call, invalidate, PictureField, useTexts } from '#web'
import {
  type ChannelView,
  listChannels,
  myChannels,
  removeChannelCover,
  setChannelCover,
} from '../../contract.ts'
import { goLiveTexts } from './texts.ts'

interface CoverCardProps {
  channel: ChannelView
  onSaved(channel: ChannelView): void
}

/** The channel's own picture; a planned set has another one. */
export function CoverCard({ channel: { slug, cover }, onSaved }: CoverCardProps) {
  const t = useTexts(goLiveTexts)
  const params = { slug }
  const take = (channel: ChannelView) => {
    onSaved(channel)
    invalidate(myChannels)
    invalidate(listChannels)
  }
  return (
    <Card title={t('coverCard')}>
      <PictureField
        label={t('cover')}
        hint={t('coverHint')}
        url={cover?.small ?? null}
        shape={16 / 9}
        onPick={async (file, area) => take(await call(setChannelCover, { params, query: area, body: file }))}
        onRemove={async () => take(await call(removeChannelCover, { params }))}
      />
    </Card>
  )
}
