import type { ComponentChildren } from 'preact'
import { Card, formatClock, formatNumber, language, type Translate, useTexts } from '#web'
import type { ShowStats } from '../../contract.ts'
import { LineChart } from './LineChart.tsx'
import { perMinute } from './per-minute.ts'
import { Shares } from './Shares.tsx'
import { statsTexts } from './texts.ts'
import { timeAt } from './time-at.ts'

type T = Translate<(typeof statsTexts)['en']>
const whole = (value: number) => formatNumber(value, { maximumFractionDigits: 1 })
const programs: Record<string, string> = {
  chrome: 'Chrome',
  safari: 'Safari',
  firefox: 'Firefox',
  edge: 'Edge',
  samsung: 'Samsung Internet',
  opera: 'Opera',
  vlc: 'VLC',
  mpv: 'mpv',
  apple: 'Apple',
  ffmpeg: 'FFmpeg',
}

/** Everything of one show that is a curve or a share. */
export function ShowCharts({ stats }: { stats: ShowStats }) {
  const t = useTexts(statsTexts)
  const at = (stepS: number) => timeAt(stats.fromAt, stepS)
  const time = { place: at(stats.stepS), placeName: t('time'), value: whole }
  const hasDelay = stats.delayMs.some((one) => one !== null)
  return (
    <>
      <Section title={t('curve')} lead={t('curveLead')}>
        <LineChart label={t('curve')} series={[{ name: t('watching'), values: stats.viewers }]} {...time} />
      </Section>
      <div class="stats-pair">
        {stats.retention.length > 1 && <Retention t={t} shares={stats.retention} />}
        {stats.figures
          .filter(({ values }) => values.some((one) => one > 0))
          .map(({ name, values }) => (
            <Rate key={name} name={name} rate={perMinute(values, stats.stepS)} timeAt={at} />
          ))}
        <Comings t={t} stats={stats} timeAt={at} />
        {hasDelay && (
          <Section title={t('delays')} lead={t('delaysLead')}>
            <LineChart
              label={t('delays')}
              series={[
                { name: t('middle'), values: stats.delayMs },
                { name: t('slowest'), values: stats.delayP95Ms, isFaint: true },
              ]}
              {...time}
              value={(ms) => t('seconds', { value: whole(ms / 1000) })}
            />
          </Section>
        )}
      </div>
      <Kinds t={t} stats={stats} />
      {stats.replay.viewers.length > 0 && <ReplayCurve t={t} replay={stats.replay} />}
    </>
  )
}

function Section({ title, lead, children }: { title: string; lead?: string; children: ComponentChildren }) {
  return (
    <Card title={title} {...(lead ? { lead } : {})}>
      {children}
    </Card>
  )
}

function Retention({ t, shares }: { t: T; shares: readonly number[] }) {
  return (
    <Section title={t('retention')} lead={t('retentionLead')}>
      <LineChart
        label={t('retention')}
        series={[{ name: t('stayed'), values: [1, ...shares] }]}
        place={(i) => t('minutes', { count: i })}
        placeName={t('minute')}
        value={(share) => formatNumber(share, { style: 'percent' })}
        top={1}
      />
    </Section>
  )
}

interface RateProps {
  name: string
  rate: { values: number[]; stepS: number }
  timeAt(stepS: number): (i: number) => string
}

/** What another plugin counts; a name that is not known here is shown as it is. */
function Rate({ name, rate, timeAt }: RateProps) {
  const t = useTexts(statsTexts)
  const words = {
    chat: { title: t('chat'), lead: t('chatLead'), of: t('messages') },
    tips: { title: t('tips'), lead: t('tipsLead'), of: t('tipsName') },
  }[name] ?? { title: name, of: name }
  return (
    <Section title={words.title} {...('lead' in words ? { lead: words.lead } : {})}>
      <LineChart
        label={words.title}
        series={[{ name: words.of, values: rate.values }]}
        place={timeAt(rate.stepS)}
        placeName={t('time')}
        value={whole}
      />
    </Section>
  )
}

function Comings({ t, stats, timeAt }: { t: T; stats: ShowStats } & Pick<RateProps, 'timeAt'>) {
  const came = perMinute(stats.joins, stats.stepS)
  const left = perMinute(stats.leaves, stats.stepS)
  return (
    <Section title={t('comings')}>
      <LineChart
        label={t('comings')}
        series={[
          { name: t('joins'), values: came.values },
          { name: t('leaves'), values: left.values, isFaint: true },
        ]}
        place={timeAt(came.stepS)}
        placeName={t('time')}
        value={whole}
      />
    </Section>
  )
}

function Kinds({ t, stats }: { t: T; stats: ShowStats }) {
  const country = new Intl.DisplayNames([language.value], { type: 'region' })
  const { devices, browsers, countries } = stats
  if (devices.length === 0) return null
  return (
    <div class="stats-kinds">
      <Card title={t('devices')}>
        <Shares items={devices} nameOf={(name) => deviceWords(t, name)} />
      </Card>
      <Card title={t('browsers')}>
        <Shares items={browsers} nameOf={(name) => programs[name] ?? t('device_other')} />
      </Card>
      {countries.length > 0 && (
        <Card title={t('countries')}>
          <Shares items={countries.slice(0, 12)} nameOf={(code) => country.of(code) ?? code} />
        </Card>
      )}
    </div>
  )
}

function deviceWords(t: T, name: string): string {
  const key = `device_${name}` as 'device_other'
  return Object.hasOwn(statsTexts.en, key) ? t(key) : t('device_other')
}

function ReplayCurve({ t, replay }: { t: T; replay: ShowStats['replay'] }) {
  return (
    <Section title={t('replay')} lead={t('replayLead')}>
      <LineChart
        label={t('replay')}
        series={[{ name: t('viewers'), values: replay.viewers }]}
        place={(i) => formatClock(i * replay.bucketS * 1000)}
        placeName={t('position')}
        value={whole}
      />
    </Section>
  )
}
