import { useState } from 'preact/hooks'
import { asProblem, Button, Card, CopyField, call, Notice, Tabs, useQuery, useTexts } from '#web'
import { createKey, type IngestAddress, listKeys, type NewStreamKey } from '../../contract.ts'
import { FromAudio } from './FromAudio.tsx'
import { goLiveTexts } from './texts.ts'

/** What goes into the DJ's program: the key, and where it sends. */
export function Connection({ slug, ingest }: { slug: string; ingest: IngestAddress }) {
  const t = useTexts(goLiveTexts)
  const { icecast } = ingest
  return (
    <Card title={t(icecast ? 'connectionAny' : 'connection')}>
      <div class="stack">
        <KeyField slug={slug} />
        {icecast ? (
          <Tabs
            label={t('connectionAny')}
            items={[
              { id: 'obs', label: t('tabObs'), content: <FromObs ingest={ingest} /> },
              { id: 'audio', label: t('tabAudio'), content: <FromAudio slug={slug} icecast={icecast} /> },
            ]}
          />
        ) : (
          <FromObs ingest={ingest} />
        )}
      </div>
    </Card>
  )
}

function FromObs({ ingest }: { ingest: IngestAddress }) {
  const t = useTexts(goLiveTexts)
  return (
    <div class="golive-connection">
      <div class="stack">
        <CopyField label={t('server')} value={ingest.rtmp} />
        {ingest.rtmps && <CopyField label={t('serverSecure')} value={ingest.rtmps} />}
        <ol class="golive-steps">
          <li>{t('step1')}</li>
          <li>{t('step2')}</li>
          <li>{t('step3')}</li>
          <li>{t('step4')}</li>
        </ol>
      </div>
      <div>
        <h3>{t('settings')}</h3>
        <dl class="golive-settings">
          <dt>{t('setKeyframes')}</dt>
          <dd>{t('setKeyframesValue')}</dd>
          <dt>{t('setRate')}</dt>
          <dd>{t('setRateValue')}</dd>
          <dt>{t('setAudio')}</dt>
          <dd>{t('setAudioValue')}</dd>
          <dt>{t('setEncoder')}</dt>
          <dd>{t('setEncoderValue')}</dd>
        </dl>
      </div>
    </div>
  )
}

function KeyField({ slug }: { slug: string }) {
  const t = useTexts(goLiveTexts)
  const keys = useQuery(listKeys, { params: { slug } })
  const [made, setMade] = useState<NewStreamKey | null>(null)
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const make = async () => {
    setBusy(true)
    setProblem(null)
    try {
      setMade(await call(createKey, { params: { slug }, body: {} }))
      void keys.reload()
    } catch (error) {
      setProblem(asProblem(error).message)
    } finally {
      setBusy(false)
    }
  }
  const hasKey = keys.data?.items.some(({ revokedAt }) => revokedAt === null) ?? false
  const isMadeGood = made && keys.data?.items.find(({ id }) => id === made.id)?.revokedAt == null
  if (made && isMadeGood)
    return <CopyField key={made.id} label={t('key')} value={made.key} hint={t('once')} isSecret />
  return (
    <div class="golive-key">
      <h3>{t('key')}</h3>
      <p class="muted small">{t(hasKey ? 'hasKey' : 'noKey')}</p>
      <div role="alert">{problem && <Notice tone="bad">{problem}</Notice>}</div>
      <Button look={hasKey ? 'soft' : 'main'} icon="key" isBusy={isBusy} onClick={() => void make()}>
        {t(hasKey ? 'makeNewKey' : 'makeKey')}
      </Button>
    </div>
  )
}
