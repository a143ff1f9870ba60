import { identity } from '#contract'
import { call } from '../../../sdk/call.ts'
import { confirm } from '../../../sdk/confirm.ts'
import { formatDate } from '../../../sdk/format.ts'
import { invalidate, useQuery } from '../../../sdk/query.ts'
import { useSite } from '../../../sdk/site.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { Button, ButtonLink } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { useAction } from '../action.ts'
import { Kept } from '../Kept.tsx'
import { privacyTexts } from './texts.ts'

type Kind = identity.Consent['kind']

/** What the account agreed to; the newest of each kind can be taken back, or given again. */
export function Consents() {
  const t = useTexts(privacyTexts)
  const query = useQuery(identity.listConsents)
  return (
    <Card title={t('consentTitle')} lead={t('consentLead')}>
      <QueryView query={query}>
        {({ items }) => {
          const newest = items.filter(
            ({ kind }, index) => items.findIndex((other) => other.kind === kind) === index,
          )
          if (newest.length === 0) return <p class="muted small">{t('consentNone')}</p>
          return (
            <ul class="kept-list">
              {newest.map((consent) => (
                <Row key={consent.kind} consent={consent} onChange={query.set} />
              ))}
            </ul>
          )
        }}
      </QueryView>
    </Card>
  )
}

interface RowProps {
  consent: identity.Consent
  onChange(result: { items: identity.Consent[] }): void
}

function Row({ consent: { kind, givenAt, withdrawnAt }, onChange }: RowProps) {
  const t = useTexts(privacyTexts)
  const { terms } = useSite()
  const { isBusy, run } = useAction()
  const href = hrefOf(kind, terms)
  const what = t(`kind-${kind}`)
  const set = async (isGiven: boolean) => {
    const question = { title: t('takeBackTitle'), text: t('takeBackText'), action: t('takeBack') }
    if (!isGiven && kind !== 'news' && !(await confirm(question))) return
    await run(async () => onChange(await call(identity.setConsent, { body: { kind, isGiven } })))
    invalidate(identity.getPreferences)
  }
  const note = withdrawnAt
    ? t('withdrawn', { date: formatDate(withdrawnAt, 'date') })
    : t('given', { date: formatDate(givenAt, 'date') })
  return (
    <Kept title={what} note={note}>
      {href && (
        <ButtonLink look="plain" href={href} aria-label={`${t('read')}: ${what}`}>
          {t('read')}
        </ButtonLink>
      )}
      {withdrawnAt ? (
        <Button isBusy={isBusy} aria-label={`${t('agree')}: ${what}`} onClick={() => void set(true)}>
          {t('agree')}
        </Button>
      ) : (
        <Button isBusy={isBusy} aria-label={t('takeBackOf', { what })} onClick={() => void set(false)}>
          {t('takeBack')}
        </Button>
      )}
    </Kept>
  )
}

function hrefOf(kind: Kind, terms: ReturnType<typeof useSite>['terms']): string | null {
  if (kind === 'terms') return terms?.termsUrl ?? null
  return kind === 'privacy' ? (terms?.privacyUrl ?? null) : null
}
