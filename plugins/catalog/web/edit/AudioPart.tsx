import { useState } from 'preact/hooks'
import { listAssets } from '#plugins/media'
import {
  asProblem,
  Badge,
  Button,
  call,
  formatClock,
  formatDate,
  Link,
  QueryView,
  toast,
  useQuery,
  useTexts,
} from '#web'
import { listVersions, replaceAudio, restoreVersion, type Track } from '../../contract.ts'
import { editTexts } from './texts.ts'

/** The file a track plays, those it played before, and another one for it. */
export function AudioPart({ track, onChanged }: { track: Track; onChanged(): void }) {
  const t = useTexts(editTexts)
  const versions = useQuery(listVersions, { params: { id: track.id } })
  const [isBusy, setBusy] = useState(false)
  const run = async (work: () => Promise<unknown>) => {
    setBusy(true)
    try {
      await work()
      await versions.reload()
      onChanged()
      toast(t('audioReplaced'))
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <section class="audio-part">
      <h3>{t('audio')}</h3>
      <QueryView query={versions}>
        {({ items }) => (
          <ul>
            {items.map((version) => (
              <li key={version.id}>
                <span>
                  {version.fileName}{' '}
                  <span class="muted small">
                    {version.durationMs !== null && formatClock(version.durationMs)}{' '}
                    {formatDate(version.createdAt, 'date')}
                  </span>
                </span>
                {version.isCurrent ? (
                  <Badge tone="ok">{t('current')}</Badge>
                ) : (
                  <Button
                    isBusy={isBusy}
                    onClick={() =>
                      void run(() =>
                        call(restoreVersion, { params: { id: track.id, versionId: version.id } }),
                      )
                    }
                  >
                    {t('restoreVersion')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </QueryView>
      <Replacement
        onPick={(assetId) =>
          void run(() => call(replaceAudio, { params: { id: track.id }, body: { assetId } }))
        }
      />
    </section>
  )
}

/** Uploaded files that no track uses. */
function Replacement({ onPick }: { onPick(assetId: string): void }) {
  const t = useTexts(editTexts)
  const { data } = useQuery(listAssets, { query: { isLoose: true, limit: 50 } })
  const [picked, setPicked] = useState('')
  const usable = (data?.items ?? []).filter(({ state }) => state === 'ready')
  if (usable.length === 0)
    return (
      <p class="muted small">
        {t('replaceHow')} <Link href="/upload">{t('toUpload')}</Link>
      </p>
    )
  return (
    <div class="row">
      <label class="field">
        <span>{t('replaceBy')}</span>
        <select value={picked} onChange={(event) => setPicked(event.currentTarget.value)}>
          <option value="">…</option>
          {usable.map(({ id, fileName }) => (
            <option key={id} value={id}>
              {fileName}
            </option>
          ))}
        </select>
      </label>
      <Button disabled={picked === ''} onClick={() => onPick(picked)}>
        {t('replace')}
      </Button>
    </div>
  )
}
