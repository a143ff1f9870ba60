import { useState } from 'preact/hooks'
import { admin } from '#contract'
import { call } from '../../sdk/call.ts'
import { formatAgo } from '../../sdk/format.ts'
import { usePages } from '../../sdk/pages.ts'
import { asProblem } from '../../sdk/problem-error.ts'
import { type Translate, useTexts } from '../../sdk/texts.ts'
import { toast } from '../../sdk/toast.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { MoreButton } from '../../ui/more-button.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { adminTexts } from './texts.ts'

type T = Translate<(typeof adminTexts)['en']>
type Job = admin.JobView
const STATES = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const
const TONES: Record<Job['state'], Tone> = {
  waiting: 'plain',
  running: 'brand',
  done: 'ok',
  failed: 'bad',
  cancelled: 'plain',
}

function JobName({ job }: { job: Job }) {
  return (
    <>
      <code>{job.name}</code>
      {job.state === 'running' && job.progress !== null && (
        <progress class="job-progress" value={job.progress} max={1} aria-label={job.name} />
      )}
      {job.progressNote && <p class="muted small">{job.progressNote}</p>}
      {job.lastError && job.state !== 'done' && <p class="plugin-error">{job.lastError}</p>}
    </>
  )
}

function columnsOf(t: T, act: (job: Job, what: 'retry' | 'cancel') => void): Column<Job>[] {
  return [
    { key: 'name', label: t('job'), cell: (job) => <JobName job={job} /> },
    {
      key: 'state',
      label: t('state'),
      cell: (job) => <Badge tone={TONES[job.state]}>{t(`state-${job.state}`)}</Badge>,
    },
    {
      key: 'tries',
      label: t('tries'),
      cell: (job) => t('triesOf', { attempts: job.attempts, max: job.maxAttempts }),
    },
    { key: 'when', label: t('when'), cell: (job) => formatAgo(job.finishedAt ?? job.createdAt) },
    {
      key: 'actions',
      label: t('actions'),
      cell: (job) => {
        if (job.state === 'failed' || job.state === 'cancelled')
          return <Button onClick={() => act(job, 'retry')}>{t('retry')}</Button>
        if (job.state === 'done') return null
        return <Button onClick={() => act(job, 'cancel')}>{t('cancelJob')}</Button>
      },
    },
  ]
}

/** Long work: what runs, what failed and why, with the ways to run it again or stop it. */
export default function Jobs() {
  const t = useTexts(adminTexts)
  const [state, setState] = useState('')
  const query = { limit: 30, ...(state && { state: state as Job['state'] }) }
  const pages = usePages(admin.listJobs, { query })
  const act = async (job: Job, what: 'retry' | 'cancel') => {
    try {
      await call(what === 'retry' ? admin.retryJob : admin.cancelJob, { params: { id: job.id } })
      toast(t(what === 'retry' ? 'retried' : 'cancelled', { name: job.name }))
      await pages.query.reload()
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    }
  }
  return (
    <div class="stack">
      <PageHeader title={t('jobs')} />
      <Field
        name="state"
        type="select"
        label={t('filterJobs')}
        value={state}
        onValue={setState}
        options={[
          { value: '', label: t('anyState') },
          ...STATES.map((name) => ({ value: name, label: t(`state-${name}`) })),
        ]}
      />
      <QueryView query={pages.query}>
        {() =>
          pages.items.length === 0 ? (
            <EmptyState icon="clock" title={t('jobsEmpty')} text={t('jobsEmptyText')} />
          ) : (
            <Table
              caption={t('jobs')}
              columns={columnsOf(t, (job, what) => void act(job, what))}
              rows={pages.items}
              keyOf={({ id }) => id}
            />
          )
        }
      </QueryView>
      <MoreButton pages={pages} />
    </div>
  )
}
