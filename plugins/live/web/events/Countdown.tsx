import { useTexts } from '#web'
import { useNow } from '../use-now.ts'
import { tickMs, timeLeft } from './countdown.ts'
import { serverTime } from './server-clock.ts'
import { setTexts } from './texts.ts'

/** How long until then, by the server's clock. */
export function Countdown({ until }: { until: string }) {
  const t = useTexts(setTexts)
  const [at, everyMs] = [Date.parse(until), tickMs(Date.parse(until) - serverTime())]
  const left = timeLeft(at - serverTime(useNow(everyMs)))
  if (left.kind === 'now') return <span class="set-countdown">{t('now')}</span>
  const time = left.kind === 'days' ? t('days', { count: left.count }) : left.text
  return (
    <span class="set-countdown" role="timer" aria-live="off">
      {t('inTime', { time })}
    </span>
  )
}
