import { useState } from 'preact/hooks'
import { notFound } from '#contract'
import {
  asProblem,
  Button,
  ButtonLink,
  call,
  Notice,
  PageHeader,
  type PageProps,
  useTexts,
  useTitle,
} from '#web'
import { stopMails } from '../../contract.ts'
import { stopTexts } from './stop-texts.ts'

/** `/live/{slug}/reminders#token=…`: stops the mails of a channel, as they link to it; nobody has to sign in. */
export default function StopMailsPage({ params }: PageProps) {
  const t = useTexts(stopTexts)
  const [said, setSaid] = useState<{ text: string; tone: 'ok' | 'bad' } | null>(null)
  const [isBusy, setBusy] = useState(false)
  useTitle(t('stopTitle'))
  const stop = async () => {
    setBusy(true)
    const token = /^#token=([\w.-]+)$/.exec(location.hash)?.[1] ?? ''
    try {
      const { channel } = await call(stopMails, { body: { token } })
      setSaid({ text: t('stopped', { channel: channel.title }), tone: 'ok' })
    } catch (error) {
      const problem = asProblem(error)
      setSaid({ text: problem.is(notFound) ? t('stopBad') : problem.message, tone: 'bad' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <div class="stack">
      <PageHeader title={t('stopTitle')} lead={t('stopTextPlain')} />
      <div role="status">{said && <Notice tone={said.tone}>{said.text}</Notice>}</div>
      <div class="row">
        {said?.tone !== 'ok' && (
          <Button look="main" isBusy={isBusy} onClick={() => void stop()}>
            {t('stop')}
          </Button>
        )}
        <ButtonLink href={`/live/${params.slug ?? ''}`}>{t('toChannel')}</ButtonLink>
      </div>
    </div>
  )
}
