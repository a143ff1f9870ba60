import './tips.css'
import type { ChannelView } from '#plugins/live'
import { asProblem, call, formatAgo, formatMoney, IconButton, Later, query, toast, useTexts } from '#web'
import { hideTipMessage, type Tip } from '../contract.ts'
import { GoalBar } from './GoalBar.tsx'
import { tipTexts } from './texts.ts'
import { useLiveTips } from './use-tips.ts'

const loadReturned = () => import('./Returned.tsx').then(({ Returned }) => ({ default: Returned }))
const shown = 5

/** Under the player: what came of one's own tip, the goal, and who gave last. Nothing where nothing is. */
export default function WatchTips({ channel: { slug } }: { channel: ChannelView }) {
  const t = useTexts(tipTexts)
  const { data } = useLiveTips(slug)
  const own = query.value.get('tip')
  const items = data?.items.filter(({ status }) => status === 'paid').slice(0, shown) ?? []
  return (
    <>
      {own && <Later key={own} load={loadReturned} props={{ id: own }} wait={null} />}
      {data?.goal && <GoalBar goal={data.goal} />}
      {items.length > 0 && (
        <section class="tips" aria-label={t('tips')}>
          <h2>{t('tips')}</h2>
          <ul class="tips-list">
            {items.map((tip) => (
              <TipLine key={tip.id} tip={tip} />
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

function TipLine({ tip }: { tip: Tip }) {
  const t = useTexts(tipTexts)
  const { from, amountMinor, currency, message, paidAt, can } = tip
  const hide = () =>
    call(hideTipMessage, { params: { id: tip.id } }).catch((error: unknown) =>
      toast(asProblem(error).message, { tone: 'bad' }),
    )
  return (
    <li>
      <div>
        <p>
          <b>
            <bdi>{from?.displayName ?? t('somebody')}</bdi>
          </b>{' '}
          {amountMinor === null
            ? t('gaveSome')
            : t('gave', { amount: formatMoney({ amountMinor, currency }, true) })}{' '}
          {paidAt && <time dateTime={paidAt}>{formatAgo(paidAt)}</time>}
        </p>
        {message !== null && (
          <p class="tips-message" dir="auto">
            {message}
          </p>
        )}
      </div>
      {can.hideMessage && <IconButton icon="eye-off" label={t('hide')} onClick={() => void hide()} />}
    </li>
  )
}
