import '../live.css'
import '../watch/watch.css'
import './events.css'
import { notFound } from '#contract'
import {
  ButtonLink,
  formatDate,
  NotFound,
  type PageProps,
  QueryView,
  useQuery,
  useTexts,
  useTitle,
} from '#web'
import { getSet, type PlannedSet } from '../../contract.ts'
import { Poster } from '../Cover.tsx'
import { WatchSkeleton } from '../watch/WatchSkeleton.tsx'
import { deviceZone } from './local-time.ts'
import { SetActions } from './SetActions.tsx'
import { AccessMark, SetState } from './SetCard.tsx'
import { setPageTexts } from './set-page-texts.ts'

/** `/live/{slug}/events/{id}`: one planned set. */
export default function SetPage({ params }: PageProps) {
  const { slug = '', id = '' } = params
  const query = useQuery(getSet, { params: { id } }, { everyMs: 60_000 })
  useTitle(query.data?.title)
  const isElsewhere = query.data && query.data.channel.slug !== slug
  if (isElsewhere || query.error?.is(notFound)) return <NotFound />
  return (
    <QueryView query={query} skeleton={<WatchSkeleton />}>
      {(set) => <OpenSet set={set} />}
    </QueryView>
  )
}

function OpenSet({ set }: { set: PlannedSet }) {
  const t = useTexts(setPageTexts)
  const { channel, startsAt, endsAt } = set
  const isSameDay = endsAt && formatDate(startsAt, 'date') === formatDate(endsAt, 'date')
  const until = endsAt && formatDate(endsAt, isSameDay ? 'time' : 'date-time')
  return (
    <article class="set-page">
      <div class="live-picture">
        <Poster src={set.cover?.large ?? null} of={set.id} isEager />
      </div>
      <div class="set-page-words">
        <div class="set-marks">
          <SetState set={set} />
          <AccessMark access={set.access} />
        </div>
        <h1>{set.title}</h1>
        <p>
          <a href={`/live/${channel.slug}`}>{channel.title}</a>
        </p>
        <p class="set-when">
          <time dateTime={startsAt}>{formatDate(startsAt)}</time>
          {until && ` ${t('until', { time: until })}`}
        </p>
        <ElsewhereTime set={set} />
        <Way set={set} />
        <SetActions set={set} />
        {set.description && <p class="watch-about">{set.description}</p>}
      </div>
    </article>
  )
}

/** For who is far from where it was planned. */
function ElsewhereTime({ set: { startsAt, timeZone } }: { set: PlannedSet }) {
  const t = useTexts(setPageTexts)
  if (!timeZone || timeZone === deviceZone()) return null
  const time = new Intl.DateTimeFormat(locale(), {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone,
  }).format(new Date(startsAt))
  return <p class="muted small">{t('planZone', { time, zone: timeZone.replaceAll('_', ' ') })}</p>
}

/** The reader's own kind of the page's language, as everywhere else. */
function locale(): string {
  const { lang } = document.documentElement
  return navigator.languages.find((name) => name.startsWith(lang)) ?? lang
}

function Way({ set: { status, streamId, channel } }: { set: PlannedSet }) {
  const t = useTexts(setPageTexts)
  if (status === 'live') {
    return (
      <div class="row">
        <ButtonLink look="main" icon="play" href={`/live/${channel.slug}`}>
          {t('watch')}
        </ButtonLink>
      </div>
    )
  }
  if (status !== 'over' || !streamId) return null
  return (
    <div class="row">
      <ButtonLink look="main" icon="film" href={`/live/${channel.slug}/replays/${streamId}`}>
        {t('replay')}
      </ButtonLink>
    </div>
  )
}
