import {
  EmptyState,
  formatClock,
  formatDate,
  MoreButton,
  type Pages,
  QueryView,
  Skeleton,
  useTexts,
} from '#web'
import type { Replay } from '../contract.ts'
import { Poster } from './Cover.tsx'
import { liveTexts } from './texts.ts'

/** A recording in a list: picture with its length, title, whose and when. */
export function ReplayCard({ replay, isOwnPage = false }: { replay: Replay; isOwnPage?: boolean }) {
  const date = <time dateTime={replay.startedAt}>{formatDate(replay.startedAt, 'date')}</time>
  return (
    <a class="live-card" href={`/live/${replay.channel.slug}/replays/${replay.id}`}>
      <div class="live-picture">
        <Poster src={replay.poster} of={replay.channel.slug} />
        <span class="live-length">{formatClock(replay.durationMs)}</span>
      </div>
      <h3>{replay.title}</h3>
      <p class="muted small">
        {!isOwnPage && replay.title !== replay.channel.title && `${replay.channel.title} · `}
        {date}
      </p>
    </a>
  )
}

interface GridProps {
  pages: Pages<Replay>
  /** On the page of their channel, whose name need not be said again. */
  isOwnPage?: boolean
  /** The recording that is played above, or still goes on. */
  without?: string | null
}

/** Recordings as cards, more of them on demand. */
export function ReplayGrid({ pages, isOwnPage, without }: GridProps) {
  const t = useTexts(liveTexts)
  return (
    <QueryView query={pages.query} skeleton={<Skeleton shape="block" count={3} />}>
      {() => {
        const items = pages.items.filter(({ id }) => id !== without)
        if (items.length === 0)
          return <EmptyState icon="film" title={t('noReplays')} text={t('noReplaysText')} />
        return (
          <>
            <ul class="live-cards">
              {items.map((replay) => (
                <li key={replay.id}>
                  <ReplayCard replay={replay} isOwnPage={isOwnPage ?? false} />
                </li>
              ))}
            </ul>
            <MoreButton pages={pages} />
          </>
        )
      }}
    </QueryView>
  )
}
