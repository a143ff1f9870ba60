import { useEffect } from 'preact/hooks'
import { Button, ButtonLink, CopyField, invalidate, Notice, useQuery, useTexts } from '#web'
import { type Clip, getClip, listClips } from '../../contract.ts'
import { pathOf } from './clip-path.ts'
import { clipMakerTexts } from './maker-texts.ts'

/** A clip that was just asked for, until it can be watched. */
export function ClipMade({ clip, onAnother, onClose }: { clip: Clip; onAnother(): void; onClose(): void }) {
  const t = useTexts(clipMakerTexts)
  const query = useQuery(getClip, { params: { id: clip.id } }, { everyMs: 1_000 })
  const { status } = query.data ?? clip
  useEffect(() => {
    if (status === 'ready') invalidate(listClips)
  }, [status])
  if (status === 'failed') {
    return (
      <>
        <Notice tone="bad">{t('failed')}</Notice>
        <div class="row">
          <Button onClick={onAnother}>{t('another')}</Button>
          <Button look="plain" onClick={onClose}>
            {t('cancel')}
          </Button>
        </div>
      </>
    )
  }
  if (status === 'making')
    return (
      <p role="status" class="clip-wait">
        {t('making')}
      </p>
    )
  return (
    <>
      <p role="status">{t('made')}</p>
      <CopyField label={t('link')} value={`${location.origin}${pathOf(clip)}`} />
      <div class="row">
        <ButtonLink look="main" href={pathOf(clip)} icon="film">
          {t('watch')}
        </ButtonLink>
        <Button onClick={onAnother}>{t('another')}</Button>
        <Button look="plain" onClick={onClose}>
          {t('cancel')}
        </Button>
      </div>
    </>
  )
}
