import { useState } from 'preact/hooks'
import { type ChannelView, createKey, myChannels, type NewStreamKey } from '#plugins/live'
import { asProblem, Button, CopyField, call, Notice, PageHeader, QueryView, useQuery, useTexts } from '#web'
import { setUpTexts } from './texts.ts'

function KeyOf({ channel, onDone, onSkip }: { channel: ChannelView; onDone(): void; onSkip(): void }) {
  const t = useTexts(setUpTexts)
  const [made, setMade] = useState<NewStreamKey | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const make = async () => {
    setBusy(true)
    setProblem(null)
    try {
      setMade(await call(createKey, { params: { slug: channel.slug }, body: {} }))
    } catch (error) {
      setProblem(asProblem(error).message)
    } finally {
      setBusy(false)
    }
  }
  return (
    <div class="form">
      <div role="alert">{problem && <Notice tone="bad">{problem}</Notice>}</div>
      {made && (
        <>
          <CopyField label={t('server')} value={made.url} />
          <CopyField label={t('key')} value={made.key} hint={t('once')} isSecret />
          <Notice>{t('obsSteps')}</Notice>
        </>
      )}
      <div class="row">
        {made ? (
          <Button look="main" onClick={onDone}>
            {t('goOn')}
          </Button>
        ) : (
          <Button look="main" icon="key" isBusy={isBusy} onClick={() => void make()}>
            {t('makeKey')}
          </Button>
        )}
        {!made && (
          <Button look="plain" onClick={onSkip}>
            {t('skip')}
          </Button>
        )}
      </div>
    </div>
  )
}

/** First run: server address and stream key, ready to be copied into OBS. */
export default function KeyStep({ onDone, onSkip }: { onDone(): void; onSkip(): void }) {
  const t = useTexts(setUpTexts)
  const query = useQuery(myChannels, {}, { freshMs: 0 })
  return (
    <QueryView query={query}>
      {({ items: [channel] }) => (
        <>
          <PageHeader
            title={t('keyTitle')}
            lead={channel ? t('keyLead', { title: channel.title }) : t('noChannel')}
          />
          {channel ? (
            <KeyOf channel={channel} onDone={onDone} onSkip={onSkip} />
          ) : (
            <Button onClick={onSkip}>{t('skip')}</Button>
          )}
        </>
      )}
    </QueryView>
  )
}
