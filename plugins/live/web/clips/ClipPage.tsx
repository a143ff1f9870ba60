import '../live.css'
import '../watch/watch.css'
import './clips.css'
import { useState } from 'preact/hooks'
import { notFound } from '#contract'
import {
  asProblem,
  Button,
  ButtonLink,
  CopyField,
  call,
  confirm,
  EmptyState,
  Form,
  formatDate,
  formatDuration,
  invalidate,
  NotFound,
  Notice,
  navigate,
  type PageProps,
  QueryView,
  toast,
  useQuery,
  useTexts,
  useTitle,
} from '#web'
import { type Clip, getClip, listClips, removeClip, updateClip } from '../../contract.ts'
import { WatchSkeleton } from '../watch/WatchSkeleton.tsx'
import { clipMakerTexts } from './maker-texts.ts'

/** `/live/{slug}/clips/{id}`: a clip, whose it is, and how to hand it on. */
export default function ClipPage({ params }: PageProps) {
  const { slug = '', id = '' } = params
  const query = useQuery(getClip, { params: { id } })
  useTitle(query.data?.title)
  const isElsewhere = query.data && query.data.channel.slug !== slug
  if (isElsewhere || query.error?.is(notFound) || query.error?.status === 400) return <NotFound />
  return (
    <QueryView query={query} skeleton={<WatchSkeleton />}>
      {(clip) => <OpenClip clip={clip} onChanged={query.set} />}
    </QueryView>
  )
}

function OpenClip({ clip, onChanged }: { clip: Clip; onChanged(clip: Clip): void }) {
  const t = useTexts(clipMakerTexts)
  const { channel, maker } = clip
  return (
    <div class="watch">
      <header class="watch-head">
        <h1>{clip.title}</h1>
        <p class="watch-status">
          <a href={`/live/${channel.slug}`}>{channel.title}</a> ·{' '}
          <time dateTime={clip.from}>{formatDate(clip.from)}</time> · {formatDuration(clip.durationMs)}
        </p>
      </header>
      <div class="watch-stage">
        <ClipStage clip={clip} />
      </div>
      <div class="watch-more clip-more">
        <p>{maker ? t('by', { name: maker.displayName }) : t('byGone')}</p>
        {clip.status === 'ready' && (
          <div class="clip-link">
            <CopyField label={t('link')} value={`${location.origin}${location.pathname}`} />
          </div>
        )}
        <ClipTools clip={clip} onChanged={onChanged} />
      </div>
    </div>
  )
}

function ClipStage({ clip }: { clip: Clip }) {
  const t = useTexts(clipMakerTexts)
  const [isBroken, setBroken] = useState(false)
  if (clip.isLocked) return <EmptyState icon="film" title={t('locked')} />
  if (clip.status === 'failed') return <Notice tone="bad">{t('failed')}</Notice>
  if (!clip.video) return <Notice>{t('making')}</Notice>
  if (isBroken) return <Notice tone="bad">{t('unplayable')}</Notice>
  return (
    // biome-ignore lint/a11y/useMediaCaption: a live mix has no captions
    <video
      class={`clip-video${clip.hasVideo ? '' : ' is-sound'}`}
      controls
      playsInline
      preload="metadata"
      src={clip.video}
      poster={clip.poster ?? undefined}
      onError={() => setBroken(true)}
    />
  )
}

function ClipTools({ clip, onChanged }: { clip: Clip; onChanged(clip: Clip): void }) {
  const t = useTexts(clipMakerTexts)
  const [isOpen, setOpen] = useState(false)
  const { id, channel } = clip
  const remove = async () => {
    const question = { title: t('removeAsk'), text: t('removeText'), action: t('remove') }
    if (!(await confirm(question))) return
    try {
      await call(removeClip, { params: { id } })
      invalidate(listClips)
      toast(t('removed'))
      navigate(`/live/${channel.slug}`, { replace: true })
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    }
  }
  if (isOpen) {
    return (
      <div class="watch-form">
        <Form
          fields={[{ name: 'title', label: t('title'), maxLength: 120 }]}
          initial={{ title: clip.title }}
          submit={t('save')}
          onSubmit={async ({ title }) => {
            onChanged(await call(updateClip, { params: { id }, body: { title } }))
            invalidate(listClips)
            setOpen(false)
          }}
          actions={
            <Button look="plain" onClick={() => setOpen(false)}>
              {t('cancel')}
            </Button>
          }
        />
      </div>
    )
  }
  return (
    <div class="row">
      {clip.video && (
        <ButtonLink href={clip.video} download={`${clip.title}.mp4`} icon="download">
          {t('download')}
        </ButtonLink>
      )}
      {clip.can.edit && (
        <>
          <Button icon="edit" onClick={() => setOpen(true)}>
            {t('rename')}
          </Button>
          <Button look="danger" icon="trash" onClick={() => void remove()}>
            {t('remove')}
          </Button>
        </>
      )}
    </div>
  )
}
