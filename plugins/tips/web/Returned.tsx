import { useEffect } from 'preact/hooks'
import { ButtonLink, formatMoney, IconButton, Notice, navigate, path, toast, useQuery, useTexts } from '#web'
import { getTip, type TipToPay } from '../contract.ts'
import { outcomeTexts } from './outcome-texts.ts'

const forget = () => navigate(path.value, { replace: true })

/** Back from paying: says what came of it. Somebody else's tip says nothing. */
export function Returned({ id }: { id: string }) {
  const { data, error } = useQuery(getTip, { params: { id } }, { freshMs: 0 })
  if (error || !data) return null
  return <Outcome {...data} />
}

function Outcome({ tip, checkout }: TipToPay) {
  const t = useTexts(outcomeTexts)
  const { status, amountMinor, currency } = tip
  const amount = formatMoney({ amountMinor: amountMinor ?? 0, currency })
  // Where the page is long, what stands below the player is not seen at once.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when it is known, and never again.
  useEffect(() => {
    if (status === 'failed') toast(t('declined', { amount }), { tone: 'bad' })
    if (status === 'expired') toast(t('expired', { amount }), { tone: 'bad' })
    if (status !== 'paid') return
    toast(t('thanks', { amount }), { forMs: 8000 })
    forget()
  }, [status])
  if (status === 'paid') return null
  const words = { pending: 'pending', failed: 'declined', expired: 'expired', refunded: 'refunded' } as const
  return (
    <div class="tip-outcome" role="status">
      <Notice tone={status === 'failed' ? 'bad' : 'warn'}>
        <div class="tip-outcome-row">
          <span>{t(words[status], { amount })}</span>
          {checkout && (
            <ButtonLink href={checkout.url}>{t(status === 'failed' ? 'again' : 'payNow')}</ButtonLink>
          )}
          <IconButton icon="close" label={t('dismiss')} onClick={forget} />
        </div>
      </Notice>
    </div>
  )
}
