import { useState } from 'preact/hooks'
import { asProblem, Button, CopyField, call, Field, formatDate, Notice, toast, useTexts } from '#web'
import {
  publishRelease,
  type Release,
  renewReleaseKey,
  unpublishRelease,
  updateRelease,
  type Visibility,
} from '../../contract.ts'
import { editTexts } from './texts.ts'

const visibilities: readonly Visibility[] = ['public', 'members', 'unlisted', 'private']

interface PublishingProps {
  release: Release
  onSaved(release: Release): void
}

/** Who may hear it, and from when on. */
export function Publishing({ release, onSaved }: PublishingProps) {
  const t = useTexts(editTexts)
  const [isBusy, setBusy] = useState(false)
  const [missing, setMissing] = useState<string[]>([])
  const [at, setAt] = useState('')
  const params = { slug: release.slug }
  const run = async (work: () => Promise<Release>, done: string) => {
    setBusy(true)
    setMissing([])
    try {
      onSaved(await work())
      toast(done)
    } catch (error) {
      const problem = asProblem(error)
      const all = problem.body.errors?.map(({ message }) => message) ?? []
      setMissing(all.length > 0 ? all : [problem.message])
    } finally {
      setBusy(false)
    }
  }
  const publish = () =>
    run(
      () => call(publishRelease, { params, body: { at: at ? new Date(at).toISOString() : null } }),
      at ? t('scheduledNow') : t('publishedNow'),
    )
  const isOut = release.status === 'published'
  return (
    <section class="publishing">
      <h2>{t('publishing')}</h2>
      <p>{standing(t, release)}</p>
      <div class="edit-columns">
        <Field
          name="visibility"
          label={t('visibility')}
          type="select"
          value={release.visibility}
          options={visibilities.map((one) => ({ value: one, label: t(`visibility-${one}`) }))}
          hint={t(`visibility-${release.visibility}-hint`)}
          onValue={(visibility) =>
            void run(
              () => call(updateRelease, { params, body: { visibility: visibility as Visibility } }),
              t('saved'),
            )
          }
        />
        {release.status === 'draft' && release.can.publish && (
          <div class="field">
            <label for="publish-at">{t('publishAt')}</label>
            <input
              id="publish-at"
              type="datetime-local"
              value={at}
              onInput={(event) => setAt(event.currentTarget.value)}
            />
            <p class="field-hint">{t('publishAtHint')}</p>
          </div>
        )}
      </div>
      {release.visibility === 'unlisted' && (
        <div class="row">
          <CopyField label={t('link')} value={new URL(release.href, location.href).href} />
          <Button
            icon="retry"
            onClick={() => void run(() => call(renewReleaseKey, { params }), t('linkRenewed'))}
          >
            {t('renewLink')}
          </Button>
        </div>
      )}
      <div role="alert">
        {missing.length > 0 && (
          <Notice tone="bad">
            <ul>
              {missing.map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
          </Notice>
        )}
      </div>
      {release.can.publish && (
        <div class="row">
          {isOut || release.status === 'scheduled' ? (
            <Button
              isBusy={isBusy}
              onClick={() => void run(() => call(unpublishRelease, { params }), t('unpublishedNow'))}
            >
              {t(isOut ? 'unpublish' : 'unschedule')}
            </Button>
          ) : (
            <Button look="main" isBusy={isBusy} onClick={() => void publish()}>
              {t(at ? 'schedule' : 'publish')}
            </Button>
          )}
        </div>
      )}
    </section>
  )
}

type T = ReturnType<typeof useTexts<(typeof editTexts)['en']>>
function standing(t: T, { status, publishAt, publishedAt }: Release): string {
  if (status === 'published') return t('isPublished', { at: publishedAt ? formatDate(publishedAt) : '' })
  return status === 'scheduled'
    ? t('isScheduled', { at: publishAt ? formatDate(publishAt) : '' })
    : t('isDraft')
}
