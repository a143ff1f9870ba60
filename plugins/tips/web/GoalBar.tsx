import { useId } from 'preact/hooks'
import { formatDate, formatMoney, useTexts } from '#web'
import type { Goal } from '../contract.ts'
import { tipTexts } from './texts.ts'

/** What is collected for and how far it is, in words and as a bar. */
export function GoalBar({ goal }: { goal: Goal }) {
  const t = useTexts(tipTexts)
  const id = useId()
  const { title, amountMinor, reachedMinor, currency, until } = goal
  const money = (minor: number) => formatMoney({ amountMinor: minor, currency }, true)
  const words = t('reached', { reached: money(reachedMinor), amount: money(amountMinor) })
  const share = Math.min(1, reachedMinor / amountMinor)
  const isOver = until !== null && Date.parse(until) <= Date.now()
  return (
    <section class={`goal${share >= 1 ? ' is-full' : ''}`}>
      <div class="goal-words">
        <h2 id={id}>
          <span class="hidden-text">{t('goal')} </span>
          {title}
        </h2>
        <p class="figures">
          <b>{words}</b>
          {share >= 1 && <span class="goal-full"> {t('full')}</span>}
          {until && <span> · {t(isOver ? 'ended' : 'until', { time: formatDate(until, 'short') })}</span>}
        </p>
      </div>
      <div
        class="goal-bar"
        role="progressbar"
        aria-labelledby={id}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.floor(share * 100)}
        aria-valuetext={words}
      >
        <i style={{ '--share': String(share) }} />
      </div>
    </section>
  )
}
