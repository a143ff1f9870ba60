import {
  asProblem,
  Badge,
  call,
  confirm,
  formatDate,
  formatMoney,
  Icon,
  Menu,
  type MenuItem,
  MoreButton,
  toast,
  usePages,
  useTexts,
} from '#web'
import { hideTipMessage, listTips, refundTip, type Tip } from '../../contract.ts'
import { deskTexts } from './texts.ts'

/** Every tip of the channel, newest first, with what its host may do. */
export function TipRows({ slug, onChanged }: { slug: string; onChanged(): void }) {
  const t = useTexts(deskTexts)
  const pages = usePages(listTips, { params: { slug } })
  return (
    <section class="desk-list">
      <h3>{t('list')}</h3>
      {pages.items.length === 0 ? (
        <p class="muted small">{t('none')}</p>
      ) : (
        <ul>
          {pages.items.map((tip) => (
            <Row key={tip.id} tip={tip} onChanged={onChanged} />
          ))}
        </ul>
      )}
      <MoreButton pages={pages} />
    </section>
  )
}

const money = ({ amountMinor, currency }: Tip) => formatMoney({ amountMinor: amountMinor ?? 0, currency })

function Row({ tip, onChanged }: { tip: Tip; onChanged(): void }) {
  const t = useTexts(deskTexts)
  const { from, message, status, isSuperchat, createdAt } = tip
  const paidAt = tip.paidAt ?? createdAt
  return (
    <li class={status === 'refunded' ? 'is-refunded' : ''}>
      <b class="desk-amount figures">{money(tip)}</b>
      <div>
        <p>
          <bdi>{from?.displayName ?? t('gone')}</bdi>{' '}
          {status === 'refunded' && <Badge>{t('refunded')}</Badge>}{' '}
          {isSuperchat && <Badge tone="brand">{t('superchat')}</Badge>}{' '}
          <time dateTime={paidAt}>{formatDate(paidAt, 'short')}</time>
        </p>
        {message !== null && (
          <p class="tips-message" dir="auto">
            {message}
          </p>
        )}
      </div>
      <Actions tip={tip} onChanged={onChanged} />
    </li>
  )
}

function Actions({ tip, onChanged }: { tip: Tip; onChanged(): void }) {
  const t = useTexts(deskTexts)
  const name = tip.from?.displayName ?? t('gone')
  const run = async (work: () => Promise<unknown>, done?: string) => {
    try {
      await work()
      if (done) toast(done)
      onChanged()
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    }
  }
  const refund = async () => {
    const words = { amount: money(tip), name }
    const asked = { title: t('refundAsk', words), text: t('refundText'), action: t('refund') }
    if (await confirm(asked))
      await run(() => call(refundTip, { params: { id: tip.id } }), t('refundDone', words))
  }
  const hide = () => run(() => call(hideTipMessage, { params: { id: tip.id } }))
  const items: MenuItem[] = []
  if (tip.can.hideMessage) items.push({ label: t('hide'), icon: 'eye-off', onPick: () => void hide() })
  if (tip.can.refund)
    items.push({ label: t('refund'), icon: 'undo', isDanger: true, onPick: () => void refund() })
  if (items.length === 0) return null
  return (
    <Menu label={t('more', { name })} groups={[{ items }]}>
      <Icon name="more" size={18} />
    </Menu>
  )
}
