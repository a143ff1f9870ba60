import { useState } from 'preact/hooks'
import { asProblem, Button, Card, CopyField, call, Notice, useQuery, useTexts } from '#web'
import { createKey, listKeys, type NewStreamKey } from '../../contract.ts'
import { goLiveTexts } from './texts.ts'

export interface Ingest {
  rtmp: string
  rtmps: string | null
}

/** What goes into the encoder. */
export function Connection({ slug, ingest }: { slug: string; ingest: Ingest }) {
  const t = useTexts(goLiveTexts)
  return (
    <Card title={t('connection')}>
      <div class="golive-connection">
        <CopyField label={t('server')} value={ingest.rtmp} />
        {ingest.rtmps && <CopyField label={t('serverSecure')} value={ingest.rtmps} />}
        <KeyField slug={slug} />
        <ol class="golive-steps">
          <li>{t('step1')}</li>
          <li>{t('step2')}</li>
          <li>{t('step3')}</li>
          <li>{t('step4')}</li>
        </ol>
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
    </Card>
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
      setMade(await call(createKey, { params: { slug } }))
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
