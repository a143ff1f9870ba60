import { admin } from '#contract'
import { formatBytes, formatDuration, formatNumber } from '../../sdk/format.ts'
import { Link } from '../../sdk/link.tsx'
import { useQuery } from '../../sdk/query.ts'
import { Slot } from '../../sdk/slot.tsx'
import { adminOverview } from '../../sdk/slots.ts'
import { type Translate, useTexts } from '../../sdk/texts.ts'
import { Badge } from '../../ui/badge.tsx'
import { Card } from '../../ui/card.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { adminTexts } from './texts.ts'

type T = Translate<(typeof adminTexts)['en']>
const STATES = ['waiting', 'running', 'failed', 'done', 'cancelled'] as const

function Health({ t, checks }: { t: T; checks: admin.Overview['checks'] }) {
  const sorted = [...checks].sort((a, b) => Number(a.isOk) - Number(b.isOk))
  const bad = checks.filter(({ isOk }) => !isOk).length
  return (
    <Card title={t('health')}>
      <Notice tone={bad > 0 ? 'warn' : 'ok'}>{bad > 0 ? t('notWell', { count: bad }) : t('allWell')}</Notice>
      <ul class="checks">
        {sorted.map(({ id, title, isOk, message, remedy }) => (
          <li key={id} class={isOk ? 'is-ok' : 'is-bad'}>
            <Icon name={isOk ? 'check' : 'warning'} size={18} />
            <div>
              <strong>{title}</strong>
              <span class="hidden-text">: {t(isOk ? 'good' : 'needsYou')}</span>
              <p>{message}</p>
              {!isOk && remedy && <p class="check-remedy">{t('tryThis', { remedy })}</p>}
            </div>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function Figure({ value, words }: { value: string; words: string }) {
  return (
    <div class="figure">
      <b>{value}</b>
      <span>{words}</span>
    </div>
  )
}

function Machine({ t, data }: { t: T; data: admin.Overview }) {
  const { freeBytes, totalBytes, usedByDataBytes } = data.disk
  const used = totalBytes > 0 ? (totalBytes - freeBytes) / totalBytes : 0
  return (
    <Card title={t('machine')}>
      <div class="figure-row">
        <Figure
          value={formatNumber(data.cpu, { style: 'percent', maximumFractionDigits: 0 })}
          words={t('processor')}
        />
        <Figure value={formatBytes(data.memoryBytes)} words={t('memory')} />
        <Figure value={formatBytes(freeBytes)} words={t('diskFree', { total: formatBytes(totalBytes) })} />
        <Figure value={formatNumber(data.connections)} words={t('connections')} />
        <Figure value={formatNumber(data.accounts)} words={t('accounts')} />
      </div>
      <meter class="hidden-text" min={0} max={1} high={0.9} value={used} aria-label={t('diskUse')}>
        {formatNumber(used, { style: 'percent' })}
      </meter>
      <div class={`disk${used > 0.9 ? ' is-full' : ''}`} aria-hidden="true">
        <i style={{ '--used': String(used) }} />
      </div>
      <p class="muted small">
        {usedByDataBytes !== null && `${t('usedByData', { size: formatBytes(usedByDataBytes) })} `}
        {t('runningFor', {
          time: formatDuration(Date.now() - Date.parse(data.startedAt)),
          roles: data.roles.join(', '),
          database: data.database === 'sqlite' ? 'SQLite' : 'PostgreSQL',
          version: data.version,
          node: data.nodeVersion,
        })}
      </p>
    </Card>
  )
}

function Work({ t, data }: { t: T; data: admin.Overview }) {
  const states = STATES.filter((state) => (data.jobs[state] ?? 0) > 0)
  return (
    <Card title={t('jobsCard')} actions={<Link href="/admin/jobs">{t('seeAll')}</Link>}>
      {states.length === 0 && <p class="muted">{t('jobsNone')}</p>}
      <div class="row">
        {states.map((state) => (
          <Badge key={state} tone={state === 'failed' ? 'bad' : 'plain'}>
            {t(`count-${state}`, { count: data.jobs[state] ?? 0 })}
          </Badge>
        ))}
      </div>
      {data.mailHeld > 0 && (
        <p class="work-mail">
          <Link href="/admin/mail">{t('mailHeld', { count: data.mailHeld })}</Link>
        </p>
      )}
    </Card>
  )
}

/** Is all well? Checks with remedies first, then streams, machine and work. */
export default function Overview() {
  const t = useTexts(adminTexts)
  const query = useQuery(admin.overview, {}, { everyMs: 5000 })
  return (
    <>
      <PageHeader title={t('overview')} />
      <QueryView query={query} skeleton={<Skeleton shape="block" count={4} />}>
        {(data) => (
          <div class="admin-grid">
            <Health t={t} checks={data.checks} />
            <div class="stack">
              <Slot of={adminOverview} props={{}} />
              <Machine t={t} data={data} />
              <Work t={t} data={data} />
            </div>
          </div>
        )}
      </QueryView>
    </>
  )
}
